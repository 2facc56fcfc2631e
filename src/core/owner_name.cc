// owner_name.cc - from the name that a server sends to the owner that it means.
#include "core/owner_name.h"

#include <optional>
#include <utility>

#include "berth/lease.h"
#include "core/fold.h"
#include "core/quote.h"
#include "core/utf8.h"

namespace berth {
namespace {

constexpr auto kNone = std::string_view::npos;

// A raw name taken apart: DOMAIN\user@realm. What is not there has no value; what is there may
// still be empty ("\ana", "ana@"), and is another name then.
struct Parts {
  std::optional<std::string_view> domain;
  std::string_view user;
  std::optional<std::string_view> realm;
};

// The first backslash, since a domain of Windows has none; the last @, since a realm has none.
Parts take_apart(std::string_view raw) {
  Parts parts;
  if (std::size_t backslash = raw.find('\\'); backslash != kNone) {
    parts.domain = raw.substr(0, backslash);
    raw.remove_prefix(backslash + 1);
  }
  if (std::size_t at = raw.rfind('@'); at != kNone) {
    parts.realm = raw.substr(at + 1);
    raw = raw.substr(0, at);
  }
  parts.user = raw;
  return parts;
}

std::string put_together(const Parts& parts) {
  std::string name;
  name.reserve(parts.user.size() + (parts.domain ? parts.domain->size() + 1 : 0) +
               (parts.realm ? parts.realm->size() + 1 : 0));
  if (parts.domain) (name += *parts.domain) += '\\';
  name += parts.user;
  if (parts.realm) (name += '@') += *parts.realm;
  return name;
}

void append_quoted(std::string& text, std::string_view name) {
  text += '"';
  for (char c : name) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  text += '"';
}

}  // namespace

// Domains are compared without case whatever fold_case says, so they are kept folded.
OwnerNamer::OwnerNamer(OwnerRules rules) : rules_(std::move(rules)) {
  std::map<std::string, std::string> domain_realms;
  for (auto& [domain, realm] : rules_.domain_realms) {
    if (rules_.fold_case) fold(realm);
    domain_realms.emplace(folded(domain), std::move(realm));
  }
  rules_.domain_realms = std::move(domain_realms);
}

Result<OwnerName> OwnerNamer::name(std::string_view raw) const {
  if (raw.empty()) {
    return fail(Code::invalid, "the user name is empty", "send the name of the user");
  }
  if (Done text = check_text(raw, kMaxUserBytes, "user name"); !text) {
    return std::unexpected(text.error());
  }

  Parts parts = take_apart(raw);
  // A name that has a realm keeps its domain: CORP\ana@elsewhere is not ana@elsewhere.
  if (parts.domain && !parts.realm && !rules_.domain_realms.empty()) {
    auto mapped = rules_.domain_realms.find(folded(*parts.domain));
    if (mapped != rules_.domain_realms.end()) {
      parts.domain.reset();
      parts.realm = mapped->second;
    }
  }

  OwnerName name;
  name.realm = parts.realm ? *parts.realm : parts.domain.value_or("");
  if (!rules_.keep_domain) parts.domain.reset();
  if (!rules_.keep_realm) parts.realm.reset();
  name.owner = put_together(parts);
  if (name.owner.empty()) {
    return fail(Code::invalid, "nothing is left of user name " + quoted(raw),
                "send a user beside the domain or realm, or keep them: keep_domain, keep_realm");
  }
  if (rules_.fold_case) {
    fold(name.owner);
    fold(name.realm);
  }
  return name;
}

std::string OwnerNamer::fingerprint() const {
  std::string text;
  text += rules_.fold_case ? "fold_case" : "keep_case";
  text += rules_.keep_domain ? " keep_domain" : " cut_domain";
  text += rules_.keep_realm ? " keep_realm" : " cut_realm";

  for (const auto& [domain, realm] : rules_.domain_realms) {
    text += ' ';
    append_quoted(text, domain);
    text += '=';
    append_quoted(text, realm);
  }
  return text;
}

Done check_text(std::string_view text, std::size_t most, std::string_view what) {
  std::string subject(what);
  if (text.size() > most) {
    return fail(Code::invalid,
                subject + " " + quoted(text) + " is " + std::to_string(text.size()) +
                    " bytes long; at most " + std::to_string(most) + " are taken",
                "shorten it");
  }
  FoundFlaw found = find_flaw(text);
  switch (found.flaw) {
    case Flaw::none: return {};
    case Flaw::not_utf8:
      return fail(
          Code::invalid,
          subject + " " + quoted(text) + " is not UTF-8 at byte " + std::to_string(found.at),
          "send it as UTF-8");
    case Flaw::control:
      return fail(Code::invalid,
                  subject + " " + quoted(text) + " has a control character at byte " +
                      std::to_string(found.at),
                  "leave the control character out");
  }
  return {};
}

}  // namespace berth
