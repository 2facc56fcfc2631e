// refusal.cc - a refusal as one line.
#include "ras/refusal.h"

namespace berth::ras {

std::string to_string(const Refusal& refusal) {
  std::string text =
      refusal.module.empty() ? refusal.what : "module " + refusal.module + ": " + refusal.what;
  std::string where = refusal.rule;
  if (refusal.code != 0) {
    where += (where.empty() ? "error " : ", error ") + std::to_string(refusal.code);
  }
  if (!where.empty()) text += " (" + where + ")";
  if (!refusal.remedy.empty()) text += "; " + refusal.remedy;
  return text;
}

}  // namespace berth::ras
