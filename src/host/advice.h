#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "host/facts.h"

namespace albert::host {

enum class Weight {
  kNote,   ///< worth knowing
  kSlow,   ///< costs speed
  kFails,  ///< would end a training, or keep it from beginning
};

/// Something to change.
struct Advice {
  Weight weight = Weight::kNote;
  std::string text;  ///< one line: what is found, and what to do
};

/// What to change of a host; what would fail first. A function of the facts alone.
std::vector<Advice> advice_for(const Facts& facts);

/// The code to end with: nothing if nothing would fail.
std::optional<ExitCode> exit_code_of(const std::vector<Advice>& advice);

/// "note", "slow" or "fails".
std::string to_string(Weight weight);

}  // namespace albert::host
