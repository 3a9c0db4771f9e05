#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "metrics/figures.h"

namespace albert::metrics {

/// What pretraining adds up over the examples it sees; everything that is reported is a ratio of these.
struct PretrainingSums {
  double mlm_loss = 0;     ///< summed over masked tokens, in nats
  double mlm_correct = 0;  ///< masked tokens whose most probable word is the right one
  double mlm_targets = 0;  ///< masked tokens
  double sop_loss = 0;     ///< summed over sequences, in nats
  double sop_correct = 0;  ///< sequences whose order is told rightly
  double sop_targets = 0;  ///< sequences that have an order label

  static constexpr std::size_t kSize = 6;
  /// \param values in the order of the members
  static PretrainingSums from(std::span<const double, kSize> values);

  /// loss (the sum of both), mlm_loss, mlm_accuracy, sop_loss, sop_accuracy; without those whose number of targets is
  /// 0.
  Figures figures() const;
};

}  // namespace albert::metrics
