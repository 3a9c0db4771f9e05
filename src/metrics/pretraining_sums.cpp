#include "metrics/pretraining_sums.h"

namespace albert::metrics {

PretrainingSums PretrainingSums::from(std::span<const double, kSize> values) {
  return {values[0], values[1], values[2], values[3], values[4], values[5]};
}

Figures PretrainingSums::figures() const {
  Figures figures;
  double loss = 0;
  if (mlm_targets > 0) {
    loss += mlm_loss / mlm_targets;
    figures.emplace_back("mlm_loss", mlm_loss / mlm_targets);
    figures.emplace_back("mlm_accuracy", mlm_correct / mlm_targets);
  }
  if (sop_targets > 0) {
    loss += sop_loss / sop_targets;
    figures.emplace_back("sop_loss", sop_loss / sop_targets);
    figures.emplace_back("sop_accuracy", sop_correct / sop_targets);
  }
  if (!figures.empty()) figures.insert(figures.begin(), {"loss", loss});
  return figures;
}

}  // namespace albert::metrics
