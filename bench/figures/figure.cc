// figure.cc - how figures and notes are printed.
#include "figures/figure.h"

#include <cstdio>

#include <fmt/format.h>

namespace berth::figures {

void Report::tell(const Figure& figure) {
  const std::string_view sign = figure.goal == Figure::Goal::at_most ? "<=" : ">=";
  const std::string_view verdict = figure.met() ? "met" : "missed";
  if (form_ == Form::words) {
    fmt::print("{} {:.4g} {} {}{:g} {}\n", figure.name, figure.value, figure.unit, sign,
               figure.limit, verdict);
  } else {
    fmt::print(R"({{"name":"{}","value":{:.6g},"unit":"{}","goal":"{}{:g}","verdict":"{}"}})"
               "\n",
               figure.name, figure.value, figure.unit, sign, figure.limit, verdict);
  }
  std::fflush(stdout);
}

void Report::note(const std::string& text) { fmt::print(stderr, "  {}\n", text); }

}  // namespace berth::figures
