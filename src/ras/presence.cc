// presence.cc - pairs that must be whole, and flavours of which one must be there.
#include "ras/presence.h"

#include <span>

namespace berth::ras {
namespace {

// What to do about a module of somebody else.
constexpr const char* kTellItsAuthor =
    "tell its author, or take it out of the list; nothing else that follows it is loaded";

Refusal refusal(const std::string& module, std::string rule, Callout callout, std::string what) {
  return {.code = static_cast<std::uint32_t>(Win32::invalid_parameter),
          .rule = std::move(rule),
          .module = module,
          .callout = std::string(callout_name(callout)),
          .what = std::move(what),
          .remedy = kTellItsAuthor};
}

std::string name(Callout callout) { return std::string(callout_name(callout)); }

std::optional<Callout> first_of(const CalloutSet& set, std::span<const Callout> order) {
  for (Callout each : order) {
    if (has(set, each)) return each;
  }
  return std::nullopt;
}

constexpr Callout kAccepts[] = {Callout::accept_connection3, Callout::accept_connection2,
                                Callout::accept_connection};
constexpr Callout kHangUps[] = {Callout::hang_up_connection3, Callout::hang_up_connection2,
                                Callout::hang_up_connection};

class Check {
 public:
  Check(const std::string& module, const Face& face, Strictness strictness)
      : module_(module), face_(face), strictness_(strictness) {}

  Loaded<std::vector<std::string>> run() {
    if (face_.style == Style::table) check_revision();
    check_address_pair(Callout::get_ipv4, Callout::release_ipv4, "R36");
    check_address_pair(Callout::get_ipv6, Callout::release_ipv6, "R45");
    require(Callout::accept_link, "R98");
    require(Callout::hang_up_link, "R98");
    face_.style == Style::table ? check_table() : check_exports();
    if (refused_) return std::unexpected(*std::move(refused_));
    return std::move(warnings_);
  }

 private:
  [[nodiscard]] bool there(Callout callout) const { return has(face_.callouts, callout); }

  void refuse(const std::string& rule, Callout callout, std::string what) {
    if (!refused_) refused_ = refusal(module_, rule, callout, std::move(what));
  }
  // What the documentation asks for, and RAS does not look at.
  void miss(const std::string& rule, Callout callout, const std::string& what) {
    if (strictness_ == Strictness::documented) return refuse(rule, callout, what);
    warnings_.push_back(what + " (" + rule + "); RAS loads it all the same");
  }
  [[nodiscard]] std::string lacks(Callout callout) const {
    return (face_.style == Style::table ? "its table leaves the slot of " : "it does not export ") +
           name(callout) + (face_.style == Style::table ? " empty" : "");
  }

  // Revision 1 has no RAS_CONNECTION_EX, and with it nobody could be asked about a connection.
  void check_revision() {
    if (face_.revision == 2) return;
    refuse("R109", Callout::initialize_ex,
           "its table says revision " + std::to_string(face_.revision) + ", and RAS takes 2 alone");
  }

  void check_address_pair(Callout get, Callout release, const std::string& rule) {
    if (there(get) == there(release)) return;
    const Callout missing = there(get) ? release : get;
    refuse(rule, missing,
           "it has " + name(there(get) ? get : release) + " without " + name(missing) +
               ", and only both or neither can be");
  }

  void require(Callout callout, const std::string& rule) {
    if (!there(callout)) refuse(rule, callout, lacks(callout));
  }

  void check_table() {
    require(Callout::accept_connection_ex, "R98");
    require(Callout::hang_up_connection_ex, "R98");
    if (!there(Callout::accept_reauthentication_ex)) {
      miss("R92", Callout::accept_reauthentication_ex, lacks(Callout::accept_reauthentication_ex));
    }
    if (!there(Callout::terminate)) miss("R17", Callout::terminate, lacks(Callout::terminate));
  }

  void check_exports() {
    const auto accept = first_of(face_.callouts, kAccepts);
    const auto hang_up = first_of(face_.callouts, kHangUps);
    if (!accept) {
      refuse("R98", Callout::accept_connection,
             "it exports no " + name(Callout::accept_connection) + ", nor its 2 or 3");
    }
    if (!hang_up) {
      refuse("R98", Callout::hang_up_connection,
             "it exports no " + name(Callout::hang_up_connection) + ", nor its 2 or 3");
    }
    if (accept && hang_up && !same_flavour()) {
      miss("R98", *hang_up,
           "it exports " + name(*accept) + " and " + name(*hang_up) +
               ", which are not of one flavour");
    }
    for (Callout each : {Callout::initialize, Callout::terminate}) {
      if (!there(each)) miss("R17", each, lacks(each));
    }
    if (!there(Callout::accept_reauthentication)) {
      miss("R92", Callout::accept_reauthentication, lacks(Callout::accept_reauthentication));
    }
  }

  // Whether one flavour is there as a pair.
  [[nodiscard]] bool same_flavour() const {
    for (std::size_t i = 0; i < std::size(kAccepts); ++i) {
      if (there(kAccepts[i]) && there(kHangUps[i])) return true;
    }
    return false;
  }

  const std::string& module_;
  const Face& face_;
  const Strictness strictness_;
  std::optional<Refusal> refused_;  // the first
  std::vector<std::string> warnings_;
};

}  // namespace

Loaded<std::vector<std::string>> check_presence(const std::string& module, const Face& face,
                                                Strictness strictness) {
  return Check(module, face, strictness).run();
}

Flavours flavours_of(const Face& face) {
  const auto only = [&](Callout callout) -> std::optional<Callout> {
    if (!has(face.callouts, callout)) return std::nullopt;
    return callout;
  };
  if (face.style == Style::table) {
    return {.accept_connection = only(Callout::accept_connection_ex),
            .hang_up_connection = only(Callout::hang_up_connection_ex),
            .accept_reauthentication = only(Callout::accept_reauthentication_ex)};
  }
  return {.accept_connection = first_of(face.callouts, kAccepts),
          .hang_up_connection = first_of(face.callouts, kHangUps),
          .accept_reauthentication = only(Callout::accept_reauthentication)};
}

}  // namespace berth::ras
