#pragma once

#include <cstdint>

#include "checkpoint/training_state.h"

namespace albert::train {

/// Whether the evaluations of late were all no better than the best one: a function of the state, so that a resumed run
/// ends where it would have ended.
/// \param every updates between evaluations; 0: there are none
/// \param patience after how many of them the run ends; 0: it goes on
inline bool has_settled(const checkpoint::TrainState& state, std::int64_t every, std::int64_t patience) {
  if (patience == 0 || every == 0 || !state.best) return false;
  return state.step / every - state.best->since / every >= patience;
}

}  // namespace albert::train
