// spool.cc - lines of ended connections, written by one side and taken by the other.
#include "rras/spool.h"

#include <array>
#include <charconv>
#include <filesystem>

#include "rras/locked_file.h"

namespace berth::rras {
namespace {

constexpr std::string_view kVersion = "1";
constexpr std::string_view kNone = "-";

template <class T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<WallTime> time_in(std::string_view text) {
  const auto since = number<std::int64_t>(text);
  // What a clock can say: until the year 9999.
  if (!since || *since < 0 || *since > 253'402'300'799'999) return std::nullopt;
  return WallTime(Milliseconds(*since));
}

// False: it is neither "-" nor a T.
template <class T>
bool read(std::string_view text, std::optional<T>& into) {
  if (text == kNone) return true;
  const Result<T> value = T::parse(text);
  if (value) into = *value;
  return value.has_value();
}

template <class T>
std::string text_of(const std::optional<T>& value) {
  return value ? value->to_string() : std::string(kNone);
}

std::string milliseconds(WallTime time) { return std::to_string(time.time_since_epoch().count()); }

}  // namespace

std::string line_of(const Ended& ended) {
  std::string line(kVersion);
  const auto add = [&line](std::string_view field) { line.append("\t").append(field); };
  add(milliseconds(ended.ended));
  add(ended.accepted ? milliseconds(*ended.accepted) : std::string(kNone));
  add(std::to_string(ended.seconds));
  add(text_of(ended.ipv4));
  add(text_of(ended.identifier));
  add(ended.user);
  return line;
}

std::optional<Ended> parse_ended(std::string_view line) {
  std::array<std::string_view, 7> fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::size_t end = line.find('\t');
    if ((end == std::string_view::npos) != (i + 1 == fields.size())) return std::nullopt;
    fields.at(i) = line.substr(0, end);
    line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  }
  const auto& [version, ended, accepted, seconds, ipv4, identifier, user] = fields;
  Ended one;
  const auto ended_at = time_in(ended);
  const auto how_long = number<std::uint32_t>(seconds);
  if (version != kVersion || !ended_at || !how_long) return std::nullopt;
  if (accepted != kNone) one.accepted = time_in(accepted);
  if (accepted != kNone && !one.accepted) return std::nullopt;
  if (!read(ipv4, one.ipv4) || !read(identifier, one.identifier)) return std::nullopt;
  one.ended = *ended_at;
  one.seconds = *how_long;
  one.user = user;
  return one;
}

Done Spool::add(const Ended& ended) const {
  const std::unique_ptr<LockedFile> file = LockedFile::open(path_);
  if (!file) {
    return fail(Code::store_unavailable, path_ + " cannot be opened for writing",
                "see whether the folder is there and who may write to it");
  }
  const std::string line = line_of(ended) + "\n";
  if (file->size() + line.size() > kMostSpooled) {
    return fail(Code::store_full, path_ + " is full: nobody takes what is in it",
                "see why no address callout comes, or why the store cannot be opened");
  }
  if (file->append(line)) return {};
  return fail(Code::store_full, path_ + " cannot be written", "make room on the disk");
}

std::vector<Ended> Spool::take() const {
  std::vector<Ended> all;
  // Mostly there is nothing, and to see that costs little.
  std::error_code none;
  const std::filesystem::path path(std::u8string(path_.begin(), path_.end()));
  if (const auto size = std::filesystem::file_size(path, none); none || size == 0) return all;
  const std::unique_ptr<LockedFile> file = LockedFile::open(path_);
  if (!file) return all;
  // We never let it grow longer: this is no file of ours.
  const std::string text = file->size() > kMostSpooled ? std::string() : file->read();
  file->clear();
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (auto one = parse_ended(rest.substr(0, end))) all.push_back(*std::move(one));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return all;
}

}  // namespace berth::rras
