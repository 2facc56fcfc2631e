// problem.cc - codes, statuses, and the document that has both.
#include "wire/problem.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "wire/json.h"

namespace berth {

unsigned status_of(Code code) {
  switch (code) {
    case Code::invalid: return 400;
    case Code::not_found: return 404;
    case Code::no_pool:
    case Code::second_login:
    case Code::address_taken:
    case Code::stale:
    case Code::foreign:
    case Code::conflict:
    case Code::owners_collide: return 409;
    case Code::settings_invalid:
    case Code::import_invalid: return 422;
    case Code::deadline: return 504;
    case Code::store_full: return 507;
    case Code::pool_exhausted:
    case Code::busy:
    case Code::store_locked:
    case Code::store_unavailable: return 503;
    case Code::store_corrupt:
    case Code::store_newer: return 500;
  }
  return 500;
}

std::string_view reason_of(unsigned status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 204: return "No Content";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    default: return "Internal Server Error";
  }
}

std::string problem_text(const Error& error) {
  return problem_text(status_of(error.code), code_name(error.code), error.what, error.remedy);
}

std::string problem_text(unsigned status, std::string_view code, std::string_view detail,
                         std::string_view remedy) {
  const std::string name(code);
  const boost::json::object document = {{"type", "urn:berth:error:" + name},
                                        {"title", reason_of(status)},
                                        {"status", status},
                                        {"detail", json_text(detail)},
                                        {"code", name},
                                        {"remedy", json_text(remedy)},
                                        {"help", "/help/errors#" + name}};
  return boost::json::serialize(document);
}

}  // namespace berth
