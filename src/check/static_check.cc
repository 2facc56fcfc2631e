// static_check.cc - machine, names, and what else must be found.
#include "check/static_check.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "check/system.h"
#include "core/quote.h"
#include "ras/administration.h"
#include "settings/near_miss.h"

namespace berth::check {
namespace {

using ras::Callout;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string lowered(std::string_view text) {
  std::string small(text);
  std::ranges::transform(small, small.begin(), lower);
  return small;
}

// --- The machine ---

void check_machine(const Image& image, Findings& findings) {
  const std::string wanted = image.kind == native_kind() ? native_machine() : std::string(kX64);
  if (image.machine != wanted) {
    findings.push_back(
        {Severity::error, "R110",
         "it is for " + image.machine + ", and RAS loads what is for " + wanted + " (error 193)",
         "build it for " + wanted});
  } else {
    pass(findings, "R110", "it is for " + wanted);
  }
  if (!image.library) {
    findings.push_back(
        {Severity::error, "R110", "it is a program, not a library", "link it as a shared library"});
  }
}

// --- Names that are nearly those of callouts ---

// "_MprAdminGetIpAddressForUser@16" as compilers of 32 bits write it; nothing where it is not so.
std::string undecorated(std::string_view name) {
  const std::size_t at = name.rfind('@');
  if (at != std::string_view::npos && at + 1 < name.size() &&
      name.substr(at + 1).find_first_not_of("0123456789") == std::string_view::npos) {
    name = name.substr(0, at);
  }
  if (name.starts_with('_')) name.remove_prefix(1);
  return std::string(name);
}

// The callout whose name stands in that of a C++ function, "_Z27MprAdminGetIpAddressForUserPtS_Pj"
// or "?MprAdminGetIpAddressForUser@@YAK…".
std::string_view callout_in_cxx(std::string_view name) {
  if (!name.starts_with("_Z") && !name.starts_with('?')) return {};
  std::string_view longest;
  for (Callout each : ras::all_callouts()) {
    const std::string_view known = ras::callout_name(each);
    if (known.size() > longest.size() && name.find(known) != std::string_view::npos) {
      longest = known;
    }
  }
  return longest;
}

const std::vector<std::string_view>& exported_names() {
  static const std::vector<std::string_view> kNames = [] {
    std::vector<std::string_view> names;
    for (Callout each : ras::all_callouts()) {
      if (ras::is_exported(each)) names.push_back(ras::callout_name(each));
    }
    return names;
  }();
  return kNames;
}

bool is_callout(std::string_view name) { return std::ranges::count(exported_names(), name) > 0; }

void check_name(const std::string& name, Findings& findings) {
  const auto warn = [&](std::string rule, const std::string& why, std::string remedy) {
    findings.push_back({Severity::warning, std::move(rule),
                        "it exports " + berth::quoted(name) + ", " + why, std::move(remedy)});
  };
  if (const std::string_view callout = callout_in_cxx(name); !callout.empty()) {
    return warn("R4",
                "which is " + std::string(callout) + " with C++ linkage: RAS does not find it",
                "declare it extern \"C\"");
  }
  const std::string plain = undecorated(name);
  if (plain != name && is_callout(plain)) {
    return warn("R3", "a decorated name: RAS looks for " + plain,
                "name it in a .def file, as " + plain + " = " + name);
  }
  for (Callout each : ras::all_callouts()) {
    if (!ras::is_exported(each) && name == ras::callout_name(each)) {
      return warn("R108", "which RAS never looks for: it is a slot of the table",
                  "hand it over in MprAdminInitializeDllEx, or export the flavour without Ex");
    }
  }
  const auto same = std::ranges::find(exported_names(), lowered(plain), lowered);
  if (same != exported_names().end()) {
    return warn("R2", "and RAS looks for " + std::string(*same) + ", in just these letters",
                "write the name as it is");
  }
  if (!name.starts_with("MprAdmin")) return;
  const std::string_view near = near_miss(name, exported_names());
  warn("R2", "which is no callout" + (near.empty() ? "" : "; is it " + std::string(near) + "?"),
       "write the name of the callout as the contract has it, or take it away");
}

void check_names(const Image& image, Findings& findings) {
  std::size_t callouts = 0;
  const std::size_t before = findings.size();
  for (const Export& each : image.exports) {
    if (!is_callout(each.name)) {
      check_name(each.name, findings);
      continue;
    }
    ++callouts;
    if (each.forwarded_to.empty()) continue;
    findings.push_back({Severity::warning, "R107",
                        each.name + " is forwarded to " + berth::quoted(each.forwarded_to) +
                            ", in a library that RAS must find as well",
                        "put the callout into the module itself"});
  }
  if (callouts == 0) {
    findings.push_back({Severity::error, "R2", "it exports no callout at all",
                        "see whether it is an administration module, and list its callouts in a "
                        ".def file"});
  } else if (findings.size() == before) {
    pass(findings, "R2",
         "it exports " + std::to_string(callouts) + " callouts, under their exact names");
  }
}

// --- What else must be found ---

// Libraries that compilers bring and Windows does not have.
constexpr std::array<std::string_view, 6> kOfCompilers = {"libgcc_s",  "libstdc++", "libwinpthread",
                                                          "vcruntime", "msvcp140",  "concrt140"};

void check_libraries(const Image& image, const std::string& path, Findings& findings) {
  bool unsure = false;
  const std::size_t before = findings.size();
  for (const std::string& library : image.libraries) {
    const std::optional<bool> found = system_has(image.kind, library);
    if (found == true) continue;
    const std::string small = lowered(library);
    const bool of_compiler =
        image.kind == ImageKind::pe &&
        std::ranges::any_of(kOfCompilers, [&](auto each) { return small.starts_with(each); });
    std::error_code failed;
    const bool beside = std::filesystem::exists(
        std::filesystem::path(path).parent_path() / std::filesystem::path(library).filename(),
        failed);
    if (found == false || of_compiler || (beside && image.kind == ImageKind::pe)) {
      findings.push_back({found == false ? Severity::error : Severity::warning, "R107",
                          "it needs " + berth::quoted(library) +
                              (beside ? ", which lies beside it, where RAS does not look"
                                      : ", which is not part of the system"),
                          "link it statically (-static), or put that library into System32"});
    } else {
      unsure = true;
    }
  }
  if (findings.size() > before) return;
  std::string all;
  for (const std::string& each : image.libraries) {
    all += (all.empty() ? "" : ", ") + berth::quoted(each);
  }
  if (all.empty()) return pass(findings, "R107", "it needs no library");
  pass(findings, "R107",
       "it needs " + all +
           (unsure && image.kind == ImageKind::pe ? "; which of them are there a Windows can tell"
                                                  : ""));
}

// --- Administration functions (R132) ---

void check_functions(const Image& image, Findings& findings) {
  std::string all;
  for (const std::string& each : image.functions) {
    if (std::ranges::count(ras::kAdministrationFunctions, each) == 0) continue;
    all += (all.empty() ? "" : ", ") + each;
  }
  if (all.empty()) {
    return pass(findings, "R132", "it is linked with no administration function");
  }
  findings.push_back(
      {Severity::warning, "R132",
       "it is linked with " + all + "; no administration function returns inside a callout (R130)",
       "call them from a thread of your own that no callout waits for (R131)"});
}

// "… (R92); RAS loads it all the same": the rule between the brackets.
std::string rule_in(std::string_view warning) {
  const std::size_t at = warning.find("(R");
  if (at == std::string_view::npos) return "R98";
  return std::string(warning.substr(at + 1, warning.find(')', at) - at - 1));
}

}  // namespace

void check_image(const Image& image, const std::string& path, Findings& findings) {
  check_machine(image, findings);
  check_names(image, findings);
  check_libraries(image, path, findings);
  check_functions(image, findings);
}

ras::CalloutSet callouts_of(const Image& image) {
  ras::CalloutSet callouts;
  for (Callout each : ras::all_callouts()) {
    if (!ras::is_exported(each)) continue;
    if (std::ranges::count(image.exports, ras::callout_name(each), &Export::name) > 0) {
      ras::add(callouts, each);
    }
  }
  return callouts;
}

void check_exports(const Image& image, const std::string& path, Findings& findings) {
  ras::Face face;
  face.callouts = callouts_of(image);
  if (face.callouts.none()) return;  // said before
  if (ras::has(face.callouts, Callout::initialize_ex)) {
    pass(findings, "R108", "it hands over a table, which only a call of it shows");
    return;
  }
  const auto presence = ras::check_presence(path, face, ras::Strictness::enforced);
  if (!presence) {
    findings.push_back(finding_of(presence.error()));
    return;
  }
  pass(findings, "R98", "it has all that RAS insists on");
  add_presence(face, *presence, findings);
}

void add_presence(const ras::Face& face, const std::vector<std::string>& warnings,
                  Findings& findings) {
  const ras::Flavours flavours = ras::flavours_of(face);
  if (flavours.accept_connection && flavours.hang_up_connection) {
    pass(findings, "R64",
         "RAS tells it of connections through " +
             std::string(ras::callout_name(*flavours.accept_connection)) + " and " +
             std::string(ras::callout_name(*flavours.hang_up_connection)));
  }
  for (const std::string& each : warnings) {
    findings.push_back({Severity::warning, rule_in(each), each,
                        "add what is missing: a later RAS may insist on it"});
  }
}

Finding finding_of(const ras::Refusal& refusal) {
  return {Severity::error, refusal.rule,
          refusal.what + (refusal.code == 0 ? "" : " (error " + std::to_string(refusal.code) + ")"),
          refusal.remedy};
}

}  // namespace berth::check
