// fields.h - takes the members out of one JSON object, and says what is wrong with them.
//
// Each member is asked for by its name and type. What is wrong is remembered, the first of it, and
// the reader goes on with a value that means nothing; finish() tells. So a caller reads all that it
// wants without looking in between:
//
//   Fields fields(value, "the body");
//   std::string server = fields.text("server");
//   Want ipv4 = fields.want("ipv4", Want::optional);
//   if (Done done = fields.finish(); !done) return std::unexpected(done.error());
//
// A member that nobody asked for is wrong as well: it is one that is misspelt, or that this version
// does not know. null is as good as none. The value must outlive the Fields.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "berth/error.h"
#include "berth/lease.h"

namespace berth {

class Fields {
 public:
  // `what` names the object in errors: "the body", "sessions[3]".
  Fields(const boost::json::value& value, std::string what);

  [[nodiscard]] std::string text(std::string_view name);  // empty where there is none
  [[nodiscard]] std::vector<std::string> texts(std::string_view name);
  [[nodiscard]] std::optional<std::uint64_t> number(std::string_view name);
  [[nodiscard]] Want want(std::string_view name, Want otherwise);
  [[nodiscard]] std::optional<Kind> kind(std::string_view name);
  [[nodiscard]] std::optional<LeaseId> lease_id(std::string_view name);
  [[nodiscard]] std::optional<Ipv4> ipv4(std::string_view name);
  [[nodiscard]] std::optional<Ipv6> ipv6(std::string_view name);
  // A host of IPv6 or a prefix.
  [[nodiscard]] std::optional<Ipv6Prefix> prefix(std::string_view name);
  [[nodiscard]] std::optional<WallTime> time(std::string_view name);
  // An array, at most so long; its elements are others' Fields. nullptr: there is none.
  [[nodiscard]] const boost::json::array* array(std::string_view name, std::size_t most);

  // A fault that the caller found.
  void fail(std::string_view name, std::string_view why, std::string_view remedy);

  // invalid: it is no object, or a member is not what it should be.
  [[nodiscard]] Done finish() const;

 private:
  [[nodiscard]] const boost::json::value* member(std::string_view name);
  [[nodiscard]] const boost::json::string* text_of(std::string_view name);
  template <class T>
  [[nodiscard]] std::optional<T> parsed(std::string_view name,
                                        Result<T> (*parse)(std::string_view));

  const boost::json::object* object_;
  const std::string what_;
  std::vector<std::string_view> asked_;
  std::optional<Error> wrong_;
};

// A document: of at most 32 levels. invalid: it is no JSON; the sentence says where.
[[nodiscard]] Result<boost::json::value> parse_json(std::string_view text, std::string_view what);

}  // namespace berth
