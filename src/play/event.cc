// event.cc - the names of events and of what they want.
#include "play/event.h"

#include <algorithm>
#include <utility>

#include "core/kinds.h"
#include "core/quote.h"

namespace berth::play {
namespace {

struct Name {
  std::string_view text;
  EventKind kind;
};
// The first name of a kind is ours, the others are understood.
constexpr std::array<Name, 8> kNames = {{
    {"connect", EventKind::connect},
    {"confirm", EventKind::confirm},
    {"renew", EventKind::renew},
    {"disconnect", EventKind::disconnect},
    {"boot", EventKind::boot},
    {"start", EventKind::confirm},
    {"interim", EventKind::renew},
    {"stop", EventKind::disconnect},
}};

constexpr std::string_view kWantsRemedy = "write for example \"ipv4 ipv6? delegated?\"";

}  // namespace

std::string_view event_name(EventKind kind) {
  return std::ranges::find(kNames, kind, &Name::kind)->text;
}

std::optional<EventKind> event_called(std::string_view name) {
  const auto* found = std::ranges::find(kNames, name, &Name::text);
  if (found == kNames.end()) return std::nullopt;
  return found->kind;
}

Result<Wants> parse_wants(std::string_view text) {
  Wants wants;
  wants.of.fill(Want::no);
  bool any = false;
  while (!text.empty()) {
    std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (word.empty()) continue;
    any = true;
    const bool optional = word.ends_with('?');
    if (optional) word.remove_suffix(1);
    const std::optional<Kind> kind = kind_called(word);
    if (!kind) {
      return fail(Code::invalid, quoted(word) + " is no kind of address",
                  std::string(kWantsRemedy));
    }
    wants.of.at(static_cast<std::size_t>(*kind)) = optional ? Want::optional : Want::required;
  }
  if (!any) {
    return fail(Code::invalid, "no kind of address is wanted", std::string(kWantsRemedy));
  }
  return wants;
}

Result<Peeked> Peeked::make(EventSource& source) {
  Peeked peeked(source);
  Event event;
  Result<bool> more = source.next(event);
  if (!more) return std::unexpected(more.error());
  if (*more) {
    peeked.starts_ = event.time;
    peeked.first_ = std::move(event);
  }
  return peeked;
}

Result<bool> Peeked::next(Event& event) {
  if (!first_) return source_->next(event);
  event = std::move(*first_);
  first_.reset();
  return true;
}

}  // namespace berth::play
