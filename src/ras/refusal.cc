// refusal.cc - a refusal as one line.
#include "ras/refusal.h"

namespace berth::ras {

std::string to_string(const Refusal& refusal) {
  std::string text = "module " + refusal.module + ": " + refusal.what + " (" + refusal.rule;
  if (refusal.code != 0) text += ", error " + std::to_string(refusal.code);
  text += ")";
  if (!refusal.remedy.empty()) text += "; " + refusal.remedy;
  return text;
}

}  // namespace berth::ras
