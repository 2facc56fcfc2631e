// session.cc - first lines of requests, and what is said of those that cannot be read.
#include "server/session.h"

#include <boost/url/parse.hpp>

#include "core/utf8.h"
#include "wire/problem.h"

namespace berth::server {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t kMostTarget = 8192;
constexpr std::size_t kMostParameters = 32;

Reply refused(unsigned status, std::string_view code, std::string_view detail,
              std::string_view remedy) {
  return {
      .status = status, .body = problem_text(status, code, detail, remedy), .type = kProblemType};
}

Reply not_understood(std::string_view detail) {
  return refused(400, "invalid", detail, "send HTTP/1.1 as RFC 9112 has it");
}

}  // namespace

std::optional<Reply> unreadable(const boost::beast::error_code& failed) {
  if (failed == http::error::body_limit) {
    return refused(413, "too_large", "the body is larger than this service takes",
                   "send it in parts");
  }
  if (failed == http::error::header_limit) {
    return refused(431, "too_large", "the header is larger than this service takes",
                   "send fewer and shorter fields");
  }
  if (failed == http::error::bad_version) {
    return refused(505, "invalid", "this version of HTTP is not spoken here", "send HTTP/1.1");
  }
  // The caller has gone, or was silent for too long.
  if (failed == http::error::end_of_stream || failed == http::error::partial_message ||
      failed.category() != http::make_error_code(http::error::end_of_stream).category()) {
    return std::nullopt;
  }
  return not_understood("the request is not HTTP: " + failed.message());
}

std::optional<Reply> read_target(http::verb verb, std::string_view target, Asked& asked) {
  switch (verb) {
    case http::verb::get: asked.method = Method::get; break;
    case http::verb::post: asked.method = Method::post; break;
    case http::verb::put: asked.method = Method::put; break;
    case http::verb::delete_: asked.method = Method::remove; break;
    default:
      return refused(405, "not_allowed", "this method is not known here",
                     "use GET, POST, PUT or DELETE");
  }
  if (target.size() > kMostTarget) {
    return refused(414, "too_large", "the address is longer than 8192 bytes", "shorten it");
  }
  const auto url = boost::urls::parse_origin_form(target);
  if (!url) return not_understood("the address of the request is none");
  asked.path = url->encoded_path();
  for (const auto& each : url->params()) {
    if (asked.query.size() == kMostParameters) {
      return not_understood("the address has more than 32 parameters");
    }
    asked.query.emplace_back(each.key, each.value);
    if (find_flaw(asked.query.back().first).flaw != Flaw::none ||
        find_flaw(asked.query.back().second).flaw != Flaw::none) {
      return not_understood("a parameter is no clean UTF-8");
    }
  }
  return std::nullopt;
}

}  // namespace berth::server
