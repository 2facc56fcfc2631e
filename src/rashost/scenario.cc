// scenario.cc - lines of words, each a verb, perhaps a name, and settings with a '='.
#include "rashost/scenario.h"

#include <charconv>
#include <map>

#include "core/quote.h"
#include "core/utf16.h"

namespace berth::ras {
namespace {

using Words = std::vector<std::string>;

Words split(std::string_view text, std::string_view between) {
  Words words;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(between);
    if (end != 0) words.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return words;
}

// One line: takes its words away one by one, and remembers the first that was wrong.
class Line {
 public:
  Line(std::string_view text, std::string place) : place_(std::move(place)) {
    const Words words = split(text.substr(0, text.find('#')), " \t\r");
    for (const std::string& word : words) {
      const std::size_t equals = word.find('=');
      if (equals == std::string::npos) {
        plain_.push_back(word);
      } else if (!settings_.emplace(word.substr(0, equals), word.substr(equals + 1)).second) {
        wrong(berth::quoted(word.substr(0, equals)) + " is said twice", "say it once");
      }
    }
  }

  [[nodiscard]] bool empty() const { return plain_.empty() && settings_.empty(); }

  // The next word without a '='.
  std::string word(const std::string& what) {
    if (next_ == plain_.size()) {
      wrong(what + " is missing", "see docs/rashost.md");
      return {};
    }
    return plain_[next_++];
  }
  [[nodiscard]] bool has_word() const { return next_ < plain_.size(); }

  std::optional<std::string> setting(const std::string& key) {
    const auto found = settings_.find(key);
    if (found == settings_.end()) return std::nullopt;
    std::string value = std::move(found->second);
    settings_.erase(found);
    return value;
  }
  std::string needed(const std::string& key) {
    auto value = setting(key);
    if (!value) wrong(key + "= is missing", "see docs/rashost.md");
    return value.value_or("");
  }
  // A name of at most so many UTF-16 units.
  std::u16string name(const std::string& key, std::size_t most, bool must) {
    const std::optional<std::string> text = must ? needed(key) : setting(key);
    if (!text) return {};
    const std::optional<std::u16string> utf16 = utf16_of(*text);
    if (!utf16 || utf16->size() > most) {
      wrong(key + " " + berth::quoted(*text) + " is no name of at most " + std::to_string(most) +
                " UTF-16 units",
            "shorten it");
      return {};
    }
    return *utf16;
  }
  template <class Number>
  std::optional<Number> number(const std::string& key, std::uint64_t least, std::uint64_t most) {
    const auto text = setting(key);
    if (!text) return std::nullopt;
    std::uint64_t value = 0;
    const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (failed != std::errc() || end != text->data() + text->size() || value < least ||
        value > most) {
      wrong(key + " is " + berth::quoted(*text),
            "give a number from " + std::to_string(least) + " to " + std::to_string(most));
    }
    return static_cast<Number>(value);
  }
  template <class T>
  std::optional<T> choice(const std::string& key, const std::map<std::string, T>& choices) {
    const auto text = setting(key);
    if (!text) return std::nullopt;
    const auto found = choices.find(*text);
    if (found != choices.end()) return found->second;
    std::string names;
    for (const auto& [name, value] : choices) names += (names.empty() ? "" : ", ") + name;
    wrong(key + " is " + berth::quoted(*text), "one of: " + names);
    return std::nullopt;
  }
  template <class T>
  std::optional<T> take(Result<T> parsed) {
    if (parsed) return *std::move(parsed);
    wrong(parsed.error().what, parsed.error().remedy);
    return std::nullopt;
  }

  void wrong(const std::string& what, std::string remedy) {
    if (!error_) error_ = Error{Code::import_invalid, place_ + ": " + what, std::move(remedy)};
  }
  // After the last word: what is left over is wrong, too.
  Done finish() {
    if (has_word())
      wrong("does not know what to do with " + berth::quoted(plain_[next_]), "leave it out");
    if (!settings_.empty()) {
      wrong("there is no " + settings_.begin()->first + "= here", "see docs/rashost.md");
    }
    if (error_) return std::unexpected(*error_);
    return {};
  }

 private:
  std::string place_;
  Words plain_;
  std::size_t next_ = 0;
  std::map<std::string, std::string> settings_;
  std::optional<Error> error_;
};

Wanted wanted_in(Line& line) {
  const auto families = line.setting("families");
  if (!families) return {};
  Wanted wanted{.ipv4 = false, .ipv6 = false};
  for (const std::string& each : split(*families, ",")) {
    if (each == "ipv4") {
      wanted.ipv4 = true;
    } else if (each == "ipv6") {
      wanted.ipv6 = true;
    } else {
      line.wrong("there is no family " + berth::quoted(each), "ipv4, ipv6, or both with a comma");
    }
  }
  return wanted;
}

Expected expected_in(Line& line) {
  Expected expected;
  const auto said = line.setting("expect");
  if (said == "up") {
    expected.what = Expected::What::up;
  } else if (said) {
    expected.what = Expected::What::refused;
    if (*said != "refused") {
      std::uint32_t code = 0;
      const auto [end, failed] = std::from_chars(said->data(), said->data() + said->size(), code);
      if (failed != std::errc() || end != said->data() + said->size()) {
        line.wrong("expects " + berth::quoted(*said), "up, refused, or the code of a refusal");
      }
      expected.code = code;
    }
  }
  if (const auto text = line.setting("ipv4")) {
    if (const auto address = line.take(Ipv4::parse(*text))) {
      expected.ipv4 = CalloutAddress(*address);
    }
  }
  if (const auto text = line.setting("ipv6")) {
    if (const auto identifier = line.take(InterfaceId::parse(*text))) {
      expected.ipv6 = CalloutAddress(*identifier);
    }
  }
  if (expected.ipv4 || expected.ipv6) expected.what = Expected::What::up;
  return expected;
}

using What = decltype(Action::what);

What read_connect(Line& line) {
  Connect connect;
  connect.name = line.word("the name of the connection");
  connect.user = line.name("user", kMaxUserUnits, true);
  connect.port = line.name("port", kMaxPortUnits, true);
  connect.domain = line.name("domain", kMaxDomainUnits, false);
  connect.computer = line.name("computer", kMaxComputerUnits, false);
  connect.wanted = wanted_in(line);
  connect.tunnel = line.choice<Tunnel>("tunnel", {{"ppp", Tunnel::ppp}, {"ikev2", Tunnel::ikev2}})
                       .value_or(Tunnel::ppp);
  connect.expected = expected_in(line);
  return connect;
}

std::vector<std::uint8_t> bytes_in(Line& line, const std::string& key) {
  const std::string text = line.setting(key).value_or("");
  std::vector<std::uint8_t> bytes;
  bool good = text.size() % 2 == 0 && text.size() / 2 <= kMaxPreauthenticationBytes;
  for (std::size_t i = 0; good && i < text.size(); i += 2) {
    std::uint8_t digits = 0;
    const auto [end, failed] = std::from_chars(text.data() + i, text.data() + i + 2, digits, 16);
    good = failed == std::errc() && end == text.data() + i + 2;
    bytes.push_back(digits);
  }
  if (!good) {
    line.wrong(key + " is " + berth::quoted(text),
               "give two hexadecimal digits for each of at most " +
                   std::to_string(kMaxPreauthenticationBytes) + " bytes");
  }
  return bytes;
}

What read_preauthenticate(Line& line) {
  Preauthenticate client;
  client.user = line.name("user", kMaxUserUnits, true);
  client.domain = line.name("domain", kMaxDomainUnits, false);
  client.info = bytes_in(line, "info");
  client.expected = expected_in(line);
  return client;
}

What read_link(Line& line) {
  AddLink link;
  link.name = line.word("the name of the connection");
  link.port = line.name("port", kMaxPortUnits, true);
  link.expected = expected_in(line);
  return link;
}

What read_drop(Line& line) {
  DropLink drop;
  drop.name = line.word("the name of the connection");
  drop.port = line.name("port", kMaxPortUnits, true);
  return drop;
}

What read_reauthenticate(Line& line) {
  Reauthenticate again;
  again.name = line.word("the name of the connection");
  again.state =
      line.choice<QuarantineState>("state", {{"normal", QuarantineState::normal},
                                             {"quarantine", QuarantineState::quarantine},
                                             {"probation", QuarantineState::probation},
                                             {"not_capable", QuarantineState::not_capable}})
          .value_or(QuarantineState::normal);
  again.expected = expected_in(line);
  return again;
}

What read_move(Line& line) {
  Move move;
  move.name = line.word("the name of the connection");
  move.client = line.name("client", kMaxEndpointUnits, true);
  move.server = line.name("server", kMaxEndpointUnits, true);
  move.expected = expected_in(line);
  return move;
}

What read_hang_up(Line& line) {
  HangUp hang_up{.name = line.word("the name of the connection, or all,")};
  if (hang_up.name == "all") hang_up.name.clear();
  return hang_up;
}

What read_random(Line& line) {
  Random random;
  random.connections =
      line.number<std::uint64_t>("connections", 1, kMostRandomConnections).value_or(1000);
  random.users = line.number<std::uint32_t>("users", 1, 1'000'000).value_or(random.users);
  random.ports = line.number<std::uint32_t>("ports", 1, 10'000).value_or(random.ports);
  random.seed = line.number<std::uint64_t>("seed", 0, UINT64_MAX).value_or(random.seed);
  random.wanted = wanted_in(line);
  return random;
}

What read_wait(Line& line) {
  if (const auto seconds = line.number<std::uint32_t>("seconds", 1, kMostSeconds)) {
    return Wait{.most = std::chrono::seconds(*seconds)};
  }
  line.wrong("seconds= is missing", "see docs/rashost.md");
  return Wait{};
}

const std::map<std::string, What (*)(Line&)>& verbs() {
  static const std::map<std::string, What (*)(Line&)> kVerbs = {
      {"connect", read_connect},
      {"preauthenticate", read_preauthenticate},
      {"link", read_link},
      {"drop", read_drop},
      {"reauthenticate", read_reauthenticate},
      {"move", read_move},
      {"hang-up", read_hang_up},
      {"restart", [](Line&) -> What { return Restart{.killed = false}; }},
      {"kill", [](Line&) -> What { return Restart{.killed = true}; }},
      {"random", read_random},
      {"wait", read_wait},
  };
  return kVerbs;
}

// What the scenario is about, and does not happen. False: it is none of these.
bool read_setting(const std::string& verb, Line& line, Scenario& scenario) {
  if (verb == "server") {
    if (const auto server = line.take(Ipv4::parse(line.word("the server's address")))) {
      scenario.server = *server;
    }
  } else if (verb == "pool") {
    if (const auto range = line.take(Ipv4Range::parse(line.word("a range of addresses")))) {
      scenario.pool = *range;
    }
  } else if (verb == "ipv6-prefix") {
    const auto prefix = line.take(Ipv6Prefix::parse(line.word("a prefix")));
    if (prefix && prefix->length() != 64) {
      line.wrong(prefix->to_string() + " is no /64", "give a prefix of length 64");
    }
    if (prefix) scenario.ipv6_prefix = static_cast<std::uint64_t>(prefix->address().bits() >> 64);
  } else {
    return false;
  }
  return true;
}

}  // namespace

Result<Scenario> parse_scenario(std::string_view text, const std::string& file) {
  Scenario scenario;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    Line line(text.substr(0, end), file + ":" + std::to_string(++number));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty()) continue;
    const std::string verb = line.word("a verb");
    if (!read_setting(verb, line, scenario)) {
      const auto found = verbs().find(verb);
      if (found == verbs().end()) {
        line.wrong("there is no " + berth::quoted(verb), "see docs/rashost.md for what there is");
      } else {
        scenario.actions.push_back({number, found->second(line)});
      }
    }
    if (Done well = line.finish(); !well) return std::unexpected(well.error());
    if (scenario.actions.size() > kMostActions) {
      return fail(Code::import_invalid,
                  file + ": more than " + std::to_string(kMostActions) + " lines",
                  "use random, or several files");
    }
  }
  return scenario;
}

}  // namespace berth::ras
