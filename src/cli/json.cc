// json.cc - documents of JSON, on a stream.
#include "cli/json.h"

#include <ostream>

#include <boost/json/serialize.hpp>

namespace berth::cli {

namespace json = boost::json;

void print_json(std::ostream& out, const json::object& object) {
  out << json::serialize(object) << '\n';
}

void JsonList::add(const json::object& element) {
  out_ << (empty_ ? "[\n" : ",\n") << json::serialize(element);
  empty_ = false;
}

void JsonList::finish() { out_ << (empty_ ? "[]\n" : "\n]\n"); }

}  // namespace berth::cli
