// class_token.cc - three fields with points between them.
#include "wire/class_token.h"

#include <charconv>

#include <fmt/format.h>

#include "core/quote.h"
#include "wire/words.h"

namespace berth {
namespace {

constexpr std::string_view kVersion = "b1.";
constexpr std::size_t kIdDigits = 16;

std::unexpected<Error> not_ours(std::string_view text) {
  return fail(Code::invalid, quoted(text) + " is no class token",
              "send back the \"class\" of the lease as it was");
}

}  // namespace

std::string class_token_text(const ClassToken& token) {
  return fmt::format("{}{}.{}", kVersion, lease_id_text(token.id), token.generation.value);
}

Result<ClassToken> parse_class_token(std::string_view text) {
  constexpr std::size_t kPoint = kVersion.size() + kIdDigits;
  if (!text.starts_with(kVersion) || text.size() <= kPoint || text[kPoint] != '.') {
    return not_ours(text);
  }
  const Result<LeaseId> id = parse_lease_id(text.substr(kVersion.size(), kIdDigits));
  ClassToken token;
  const char* const end = text.data() + text.size();
  const auto [read, failed] =
      std::from_chars(text.data() + kPoint + 1, end, token.generation.value);
  if (!id || failed != std::errc{} || read != end) return not_ours(text);
  token.id = *id;
  // What we would not have written so is not ours: no leading zeros.
  return class_token_text(token) == text ? Result<ClassToken>(token) : not_ours(text);
}

}  // namespace berth
