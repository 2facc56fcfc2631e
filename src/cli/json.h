// json.h - what --json prints. docs/cli.md lists every field.
//
// One document for each run: an object, or an array with one element a line. What is text by
// nature stays text: help, version, man, completion, events of play --synthesise, and CSV where
// export was told so.
#pragma once

#include <iosfwd>

#include "wire/json.h"

namespace berth::cli {

// An object as a document of its own.
void print_json(std::ostream& out, const boost::json::object& object);

// An array whose elements come one by one.
class JsonList {
 public:
  explicit JsonList(std::ostream& out) : out_(out) {}
  void add(const boost::json::object& element);
  void finish();  // once, last

 private:
  std::ostream& out_;
  bool empty_ = true;
};

}  // namespace berth::cli
