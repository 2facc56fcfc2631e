// class_token.h - the text by which an access server names a lease again: RADIUS's Class attribute.
//
// "b1.0123456789abcdef.42": a version, the lease's id and its generation. It hides nothing and
// proves nothing: who may end a lease is told apart by the caller. A server echoes it in every
// message about the session, so that a late one is known for what it is. Pure.
#pragma once

#include <string>
#include <string_view>

#include "berth/error.h"
#include "berth/lease.h"

namespace berth {

struct ClassToken {
  LeaseId id;
  Generation generation;
  bool operator==(const ClassToken&) const = default;
};

[[nodiscard]] std::string class_token_text(const ClassToken& token);
// invalid: none of ours.
[[nodiscard]] Result<ClassToken> parse_class_token(std::string_view text);

}  // namespace berth
