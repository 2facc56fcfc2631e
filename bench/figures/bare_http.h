// bare_http.h - Boost.Beast that answers a constant: the limit of everything over HTTP.
#pragma once

#include <memory>
#include <string>

namespace berth::figures {

// One thread; answers every request with this body, until it is destroyed.
class BareHttp {
 public:
  [[nodiscard]] static std::unique_ptr<BareHttp> open(const std::string& socket, std::string body);
  virtual ~BareHttp() = default;
};

}  // namespace berth::figures
