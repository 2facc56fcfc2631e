// replies.cc - a body and its type.
#include "server/replies.h"

#include <boost/json/serialize.hpp>

#include "wire/fields.h"
#include "wire/problem.h"

namespace berth::server {
namespace {

// When to try again, in seconds, where that may help.
void add_retry(Reply& reply) {
  if (reply.status == 503 || reply.status == 429) reply.headers.emplace_back("Retry-After", "1");
}

}  // namespace

Reply json_reply(const boost::json::value& value, unsigned status) {
  return {.status = status, .body = boost::json::serialize(value)};
}

Reply empty_reply() { return {.status = 204}; }

Reply refusal(const Error& error) {
  Reply reply{.status = status_of(error.code), .body = problem_text(error), .type = kProblemType};
  add_retry(reply);
  return reply;
}

Reply refusal(unsigned status, std::string_view code, std::string_view detail,
              std::string_view remedy) {
  Reply reply{
      .status = status, .body = problem_text(status, code, detail, remedy), .type = kProblemType};
  add_retry(reply);
  return reply;
}

Result<boost::json::value> body_of(const Asked& asked) {
  return parse_json(asked.body, "the body");
}

}  // namespace berth::server
