// problem.h - a refusal as an HTTP client gets it: a problem document of RFC 9457.
//
//   {"type": "urn:berth:error:pool_exhausted", "title": "Service Unavailable", "status": 503,
//    "detail": "pool dial-in has no free ipv4 address for ana (…)", "code": "pool_exhausted",
//    "remedy": "add addresses to the pool, …", "help": "/help/errors#pool_exhausted"}
//
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "berth/error.h"

namespace berth {

inline constexpr std::string_view kProblemType = "application/problem+json";

// 400 where the request is wrong, 404, 409 where the answer is no, 503 where it may be yes later,
// 504 for a deadline, 507 where the disk is full.
[[nodiscard]] unsigned status_of(Code code);

// The reason that RFC 9110 gives a status.
[[nodiscard]] std::string_view reason_of(unsigned status);

[[nodiscard]] std::string problem_text(const Error& error);
// One that HTTP alone knows, with a code of its own: "not_allowed", "too_large".
[[nodiscard]] std::string problem_text(unsigned status, std::string_view code,
                                       std::string_view detail, std::string_view remedy);

}  // namespace berth
