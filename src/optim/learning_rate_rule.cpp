#include "optim/learning_rate_rule.h"

#include <cmath>

#include "base/error.h"

namespace albert::optim {

namespace {

/// A rate that is known to train well, and how far from its rule one may go unwarned.
struct Reference {
  const char* name;
  double learning_rate;
  double batch_size;
  double tolerance;
};

/// LAMB's tolerance lies between two cases of Google's code: 5e-4 at batch 64, advised for fine-tuning (2.3 times the
/// rule), and 0.00176 at batch 512, which diverged (2.8 times; google-research/albert issue 29). AdamW's rates vary
/// more with the size of the model.
Reference reference_of(Rule optimizer) {
  return optimizer == Rule::kLamb ? Reference{"LAMB", 0.00176, 4096, 2.5} : Reference{"AdamW", 1e-4, 256, 10};
}

}  // namespace

double rule_of_thumb(Rule optimizer, std::int64_t batch_size) {
  const Reference reference = reference_of(optimizer);
  return reference.learning_rate * std::sqrt(static_cast<double>(batch_size) / reference.batch_size);
}

std::optional<std::string> learning_rate_warning(const OptimizerConfig& config, std::int64_t batch_size) {
  const Reference reference = reference_of(config.name);
  const double rule = rule_of_thumb(config.name, batch_size);
  const double ratio = config.learning_rate / rule;
  if (ratio <= reference.tolerance && ratio >= 1 / reference.tolerance) return std::nullopt;
  return fmt::format(
      "optimizer.learning_rate is {:.3g}, but the square-root rule gives {:.3g} for {} with a batch of {} ({:g} at "
      "{:g}, times the root of the "
      "ratio of the batch sizes): {}",
      config.learning_rate, rule, reference.name, batch_size, reference.learning_rate, reference.batch_size,
      ratio > 1 ? "the loss of a full-size model may jump, stall near 7 or become NaN; small models stand higher rates"
                : "learning may be slow");
}

}  // namespace albert::optim
