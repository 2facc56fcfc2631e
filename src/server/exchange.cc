// exchange.cc - names of methods.
#include "server/exchange.h"

namespace berth::server {

std::string_view method_name(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::remove: return "DELETE";
  }
  return "";
}

}  // namespace berth::server
