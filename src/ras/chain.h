// chain.h - all modules in the order of registration, and who of them is asked what.
//
// Address callouts go to the first module that has the pair, for each family on its own (R37,
// R51). Accept callouts go to every module until one says FALSE (R62, R63, R81). Hang-ups go to
// those that accepted, or were not asked because they have no such callout (R71, R73, R84).
// Any thread may call; the modules keep their groups apart.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "berth/settings.h"
#include "ras/module.h"

namespace berth::ras {

// A call that was made, for a trace. Valid during the callback, which may come on any thread.
struct Made {
  const Module& module;
  const Call& call;
  const Answer& answer;
};

// Whether everybody let it pass, and how many modules were asked: the first so many of the chain.
struct Verdict {
  bool accepted = true;
  std::size_t asked = 0;               // the one that refused included
  const Module* refused = nullptr;     // by whom
  std::optional<CallFailure> failure;  // it refused by not answering
};

struct ChainOptions {
  std::function<void(const Made&)> observer = nullptr;  // of every call
  // Whether a module that is switched off refuses, or is passed over.
  RasSettings::WhenOff when_off = RasSettings::WhenOff::refuse;
  // One module at most (R101), and nobody hears of the end of what was refused (R68, R85).
  bool windows_2000 = false;
};

class Chain {
 public:
  explicit Chain(std::vector<std::unique_ptr<Module>> modules, ChainOptions options = {});

  [[nodiscard]] std::size_t size() const { return modules_.size(); }
  [[nodiscard]] const Module& at(std::size_t index) const { return *modules_[index]; }

  // The module that gives addresses of this family; nullptr: RAS itself does (R38).
  [[nodiscard]] Module* provider(Family family) const { return providers_[index_of(family)]; }
  Answer get_address(Family family, std::u16string_view user, std::u16string_view port,
                     const CalloutAddress& candidate);
  Answer release_address(Family family, std::u16string_view user, std::u16string_view port,
                         const CalloutAddress& address);

  // Before the addresses, of clients who skip the authentication of PPP: whether all that have the
  // callout say NO_ERROR (R96).
  [[nodiscard]] Verdict validate(const PreauthenticationFacts& client);
  [[nodiscard]] Verdict accept_connection(const ConnectionFacts& connection);
  [[nodiscard]] Verdict accept_link(const LinkFacts& link);
  // A module without the callout lets it pass (R92, R95).
  [[nodiscard]] Verdict accept_reauthentication(const ConnectionFacts& connection);
  [[nodiscard]] Verdict accept_endpoint_change(const ConnectionFacts& connection);

  // Whether a hang-up follows a refusal.
  [[nodiscard]] bool tells_of_refusals() const { return !options_.windows_2000; }
  // To the first `told` modules: all, or those that accepted before another refused.
  void hang_up_connection(const ConnectionFacts& connection, std::size_t told);
  void hang_up_link(const LinkFacts& link, std::size_t told);

  // In the order of registration (R16).
  void terminate();

 private:
  [[nodiscard]] static std::size_t index_of(Family family) {
    return static_cast<std::size_t>(family);
  }
  Answer call(Module& module, const Call& call);
  [[nodiscard]] bool is_passed_over(const Answer& answer) const;
  template <class Which, class Passes>
  Verdict ask(Which which, Passes passes, Call question);
  template <class Which>
  void tell(Which which, Call news, std::size_t told);

  std::vector<std::unique_ptr<Module>> modules_;
  const ChainOptions options_;
  std::array<Module*, kFamilies.size()> providers_{};
};

}  // namespace berth::ras
