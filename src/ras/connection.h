// connection.h - the life of one connection, from its addresses to its release.
//
//   begin()   Get IPv4, Get IPv6 ─▶ accept the connection ─▶ accept its first link ─▶ it is up
//   then      more links, links that drop, reauthentication, endpoint changes
//   end()     each link hangs up ─▶ the connection hangs up ─▶ Release, where a module asked for it
//
// That is the order of R112. A step that fails undoes what came before it: those modules that had
// accepted hear a hang-up (R73), what is owed is released (R31), addresses go back. Release is
// made at most once for each Get, with the strings of that Get (R32, R33).
//
// One thread at a time for one Connection (R124); different ones need not wait for each other.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "ras/chain.h"
#include "ras/live.h"
#include "ras/source.h"

namespace berth::ras {

// Why a connection did not come up, or did not stay.
struct Failed {
  std::uint32_t code = 0;  // of Windows; 0 where a module said FALSE
  std::string rule;        // "R29"
  std::string module;      // whose doing it was; empty: RAS's own
  std::string what;

  bool operator==(const Failed&) const = default;
};

class Connection {
 public:
  // The facts of the connection and of its first link; handles must be set. The addresses are
  // filled in. While it is up, `live` shows it, if there is one.
  [[nodiscard]] static std::expected<std::unique_ptr<Connection>, Failed> begin(
      Chain& chain, AddressSource& source, ConnectionFacts facts, LinkFacts first_link,
      Wanted wanted, Live* live = nullptr);
  // Ends it if it is still up.
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] const ConnectionFacts& facts() const { return facts_; }
  [[nodiscard]] const std::vector<LinkFacts>& links() const { return links_; }
  [[nodiscard]] bool is_up() const { return up_; }

  // Multilink: one more link. A refusal leaves the others up (R82).
  [[nodiscard]] std::expected<void, Failed> add_link(LinkFacts link);
  // A link is dismantled; with the last one the connection ends (R70). False: there is no such
  // link.
  bool drop_link(Handle port);
  // The state of quarantine has changed (R90). A refusal ends the connection (R91).
  [[nodiscard]] std::expected<void, Failed> reauthenticate(QuarantineState state);
  // The client's outer address has changed (R95). A refusal leaves everything as it was.
  [[nodiscard]] std::expected<void, Failed> change_endpoint(std::u16string client,
                                                            std::u16string server);
  void end();
  // Forgets it without a call, as if this process had died: what is owed stays owed.
  void abandon();

 private:
  // What is held and owed in one family.
  struct Held {
    std::optional<CalloutAddress> address;  // of the source
    bool release = false;                   // the provider wants the Release,
    CalloutAddress released;                // with this address
  };

  Connection(Chain& chain, AddressSource& source, ConnectionFacts facts, const LinkFacts& first,
             const Wanted& wanted, Live* live);

  void show() const;
  std::optional<Failed> get(Family family);
  std::optional<Failed> judge(Family family, const Answer& answer);
  [[nodiscard]] bool skips_provider(Family family) const;
  std::optional<Failed> accept();
  std::optional<Failed> commit();
  void release_addresses();
  void give_back(Family family);
  [[nodiscard]] Held& held(Family family) { return held_.at(static_cast<std::size_t>(family)); }
  [[nodiscard]] Negotiated& negotiated(Family family) {
    return family == Family::ipv4 ? facts_.ipv4 : facts_.ipv6;
  }

  Chain& chain_;
  AddressSource& source_;
  Live* const live_;
  ConnectionFacts facts_;
  const Client client_;  // the names of the Get, for its Release (R32)
  std::vector<LinkFacts> links_;
  std::array<Held, kFamilies.size()> held_;
  bool up_ = false;
};

}  // namespace berth::ras
