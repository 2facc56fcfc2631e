// day_settings.h - berth.toml for a synthesised day: its servers, its names, and pools of which
// one is roomy and one almost too small.
#pragma once

#include <string>

#include "play/synthesis.h"

namespace berth::play {

// The text of the settings, with comments that say why they are so. The store is "berth.db".
[[nodiscard]] std::string day_settings(const SynthesisOptions& options);

}  // namespace berth::play
