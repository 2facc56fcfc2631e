// chain.cc - the first provider, the first FALSE, and all that hear of a hang-up.
#include "ras/chain.h"

namespace berth::ras {
namespace {

constexpr Callout get_of(Family family) {
  return family == Family::ipv4 ? Callout::get_ipv4 : Callout::get_ipv6;
}
constexpr Callout release_of(Family family) {
  return family == Family::ipv4 ? Callout::release_ipv4 : Callout::release_ipv6;
}

// A callout that has no flavours, where the module has it.
auto only(Callout callout) {
  return [callout](const Module& module) -> std::optional<Callout> {
    if (!module.has(callout)) return std::nullopt;
    return callout;
  };
}

}  // namespace

Chain::Chain(std::vector<std::unique_ptr<Module>> modules, ChainOptions options)
    : modules_(std::move(modules)), options_(std::move(options)) {
  for (Family family : kFamilies) {
    for (const auto& module : modules_) {
      if (!module->has(get_of(family)) || !module->has(release_of(family))) continue;
      providers_[index_of(family)] = module.get();
      break;
    }
  }
}

Answer Chain::call(Module& module, const Call& call) {
  Answer answer = module.call(call);
  if (options_.observer) options_.observer({module, call, answer});
  return answer;
}

bool Chain::is_passed_over(const Answer& answer) const {
  return options_.when_off == RasSettings::WhenOff::skip && answer.failure &&
         answer.failure->how == CallFailure::How::off;
}

// --- Addresses ---

Answer Chain::get_address(Family family, std::u16string_view user, std::u16string_view port,
                          const CalloutAddress& candidate) {
  Module* const module = provider(family);
  BERTH_ASSERT(module != nullptr);
  Answer answer = call(*module, {.callout = get_of(family),
                                 .user = std::u16string(user),
                                 .port = std::u16string(port),
                                 .address = candidate});
  if (is_passed_over(answer)) return {.address = candidate, .failure = {}};  // as R38
  return answer;
}

Answer Chain::release_address(Family family, std::u16string_view user, std::u16string_view port,
                              const CalloutAddress& address) {
  Module* const module = provider(family);
  BERTH_ASSERT(module != nullptr);
  return call(*module, {.callout = release_of(family),
                        .user = std::u16string(user),
                        .port = std::u16string(port),
                        .address = address});
}

// --- Asking everybody ---

namespace {

bool is_true(std::uint32_t result) { return result != 0; }      // R61
bool is_no_error(std::uint32_t result) { return result == 0; }  // R96

}  // namespace

template <class Which, class Passes>
Verdict Chain::ask(Which which, Passes passes, Call question) {
  Verdict verdict;
  for (const auto& module : modules_) {
    ++verdict.asked;
    const std::optional<Callout> callout = which(*module);
    if (!callout) continue;
    question.callout = *callout;
    Answer answer = call(*module, question);
    if (is_passed_over(answer)) continue;
    if (!answer.failure && passes(answer.result)) continue;
    verdict.accepted = false;
    verdict.refused = module.get();
    verdict.failure = std::move(answer.failure);
    break;
  }
  return verdict;
}

Verdict Chain::validate(const PreauthenticationFacts& client) {
  return ask(only(Callout::validate_preauthenticated), is_no_error, {.preauthentication = &client});
}

Verdict Chain::accept_connection(const ConnectionFacts& connection) {
  return ask([](const Module& module) { return module.flavours().accept_connection; }, is_true,
             {.connection = &connection});
}

Verdict Chain::accept_link(const LinkFacts& link) {
  return ask(only(Callout::accept_link), is_true, {.link = &link});
}

Verdict Chain::accept_reauthentication(const ConnectionFacts& connection) {
  return ask([](const Module& module) { return module.flavours().accept_reauthentication; },
             is_true, {.connection = &connection});
}

Verdict Chain::accept_endpoint_change(const ConnectionFacts& connection) {
  return ask(only(Callout::accept_endpoint_change), is_true, {.connection = &connection});
}

// --- Telling everybody ---

template <class Which>
void Chain::tell(Which which, Call news, std::size_t told) {
  BERTH_ASSERT(told <= modules_.size());
  for (std::size_t i = 0; i < told; ++i) {
    const std::optional<Callout> callout = which(*modules_[i]);
    if (!callout) continue;
    news.callout = *callout;
    call(*modules_[i], news);  // what failed was reported; there is nobody to refuse
  }
}

void Chain::hang_up_connection(const ConnectionFacts& connection, std::size_t told) {
  tell([](const Module& module) { return module.flavours().hang_up_connection; },
       {.connection = &connection}, told);
}

void Chain::hang_up_link(const LinkFacts& link, std::size_t told) {
  tell(only(Callout::hang_up_link), {.link = &link}, told);
}

void Chain::terminate() { tell(only(Callout::terminate), {}, modules_.size()); }

}  // namespace berth::ras
