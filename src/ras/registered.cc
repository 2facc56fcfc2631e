// registered.cc - what the values of the registry mean.
#include "ras/registered.h"

namespace berth::ras {
namespace {

Loaded<std::string> text_of(const std::optional<RegisteredValue>& value, const std::string& name) {
  if (!value) return std::string();
  if (value->type == kTextValue || value->type == kExpandableValue) return value->text;
  return std::unexpected(Refusal{
      .code = static_cast<std::uint32_t>(Win32::registry_corrupt),
      .rule = "R103",
      .module = name,
      .callout = {},
      .what = "it is a value of type " + std::to_string(value->type) + ", and RAS reads text alone",
      .remedy = "take it away and make it again as REG_SZ"});
}

}  // namespace

Loaded<Registration> registration_of(const Registered& registered) {
  if (!registered.key) return Registration{};
  const Loaded<std::string> paths = text_of(registered.dll_path, "DLLPath");
  if (!paths) return std::unexpected(paths.error());
  const Loaded<std::string> name = text_of(registered.display_name, "DisplayName");
  if (!name) return std::unexpected(name.error());
  Loaded<Registration> registration = parse_dll_path(*paths);
  if (registration) registration->display_name = *name;
  return registration;
}

std::uint32_t event_id_of(const Refusal& refusal) {
  constexpr std::uint32_t kNoKey = 20112;
  constexpr std::uint32_t kNoValue = 20002;
  constexpr std::uint32_t kBadImage = 20204;
  constexpr std::uint32_t kNotLoaded = 20113;
  constexpr std::uint32_t kFirstOfImages = 191;  // ERROR_INVALID_EXE_SIGNATURE
  constexpr std::uint32_t kLastOfImages = 193;   // ERROR_BAD_EXE_FORMAT
  if (refusal.rule == "R100") return kNoKey;
  if (refusal.rule == "R103") return kNoValue;
  if (refusal.code >= kFirstOfImages && refusal.code <= kLastOfImages) return kBadImage;
  return kNotLoaded;
}

}  // namespace berth::ras
