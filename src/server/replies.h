// replies.h - replies in JSON, and refusals.
#pragma once

#include <string_view>

#include <boost/json/value.hpp>

#include "berth/error.h"
#include "server/exchange.h"

namespace berth::server {

[[nodiscard]] Reply json_reply(const boost::json::value& value, unsigned status = 200);
// 204
[[nodiscard]] Reply empty_reply();
[[nodiscard]] Reply refusal(const Error& error);
// One that HTTP alone knows.
[[nodiscard]] Reply refusal(unsigned status, std::string_view code, std::string_view detail,
                            std::string_view remedy);

// The body as JSON.
[[nodiscard]] Result<boost::json::value> body_of(const Asked& asked);

}  // namespace berth::server
