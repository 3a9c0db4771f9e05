#include "optim/optimizer_config.h"

#include <cmath>

#include "base/error.h"
#include "base/pattern.h"

namespace albert::optim {

namespace {

/// The width from which on a model is of full size: that of the narrowest whose rates the papers give is 768.
constexpr std::int64_t kFullSize = 512;

void check_patterns(config::Checks& c, const std::string& key, const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) {
    try {
      const Pattern valid(pattern, "the pattern");
    } catch (const UsageError& error) {
      c.fail(key, error.what());
    }
  }
}

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
  if (optimizer == Rule::kLamb) return {"LAMB", 0.00176, 4096, 2.5};
  return {optimizer == Rule::kMuon ? "Muon" : "AdamW", 1e-4, 256, 10};
}

}  // namespace

void OptimizerConfig::fields(config::Fields& f) {
  f.choice(
      "name", name,
      "update rule: lamb for large batches (arXiv 1904.00962), adamw for small ones and for fine-tuning, muon for the "
      "matrices of the encoder with adamw for the rest",
      {{"lamb", Rule::kLamb}, {"adamw", Rule::kAdamW}, {"muon", Rule::kMuon}});
  f("learning_rate", learning_rate,
    "peak rate; 0.00176 is for LAMB with 4096 sequences, scale it by sqrt(batch_size / 4096)", config::at_least(0));
  f("weight_decay", weight_decay, "decoupled: added to the update, not to the gradient", config::at_least(0));
  f("beta1", beta1, "decay of the mean of the gradients", config::between(0, 0.999999));
  f("beta2", beta2, "decay of the mean of their squares", config::between(0, 0.99999999));
  f("epsilon", epsilon, "added to the square root of the mean of squares", config::positive());
  f("bias_correction", bias_correction,
    "divide the means by 1 - beta^t, as Adam's paper and PyTorch do; Google's ALBERT does not");
  f("clip_norm", clip_norm, "largest norm of all gradients as one vector; 0 = no clipping", config::at_least(0));
  f("clip_update", clip_update,
    "StableAdamW: a parameter's rate is lowered where the root mean square of its gradients, divided by the roots of "
    "their mean squares, is above this, usually 1; 0 = off (arXiv 2304.13013)",
    config::at_least(0));
  f("momentum", momentum, "of muon: what stays of the sum of the gradients", config::between(0, 0.999999));
  f("muon_parameters", muon_parameters,
    "regular expressions searched for in the names of matrices: those that muon updates; the others are adamw's");
  f("exclude_from_weight_decay", exclude_from_weight_decay,
    "regular expressions searched for in parameter names: these parameters do not decay");
  f("exclude_from_layer_adaptation", exclude_from_layer_adaptation,
    "likewise: LAMB takes the ratio 1 for these parameters; unused by others");
}

void OptimizerConfig::check(config::Checks& c, std::string_view key) const {
  const std::string prefix = std::string(key) + ".";
  check_patterns(c, prefix + "exclude_from_weight_decay", exclude_from_weight_decay);
  check_patterns(c, prefix + "exclude_from_layer_adaptation", exclude_from_layer_adaptation);
  check_patterns(c, prefix + "muon_parameters", muon_parameters);
  const OptimizerConfig defaults;
  const auto only_for = [&](const char* setting, bool is_set, Rule rule, const char* rule_name) {
    if (is_set && name != rule) c.fail(prefix + setting, fmt::format("has no effect unless name is {}", rule_name));
  };
  only_for("exclude_from_layer_adaptation", exclude_from_layer_adaptation != defaults.exclude_from_layer_adaptation,
           Rule::kLamb, "lamb");
  only_for("momentum", momentum != defaults.momentum, Rule::kMuon, "muon");
  only_for("muon_parameters", muon_parameters != defaults.muon_parameters, Rule::kMuon, "muon");
  if (clip_update > 0 && name == Rule::kLamb) {
    c.fail(prefix + "clip_update", "has no effect with lamb, which has a ratio of its own");
  }
}

double rule_of_thumb(Rule optimizer, std::int64_t batch_size) {
  const Reference reference = reference_of(optimizer);
  return reference.learning_rate * std::sqrt(static_cast<double>(batch_size) / reference.batch_size);
}

std::optional<std::string> learning_rate_warning(const OptimizerConfig& config, std::int64_t batch_size,
                                                 std::int64_t hidden_size) {
  const Reference reference = reference_of(config.name);
  const double rule = rule_of_thumb(config.name, batch_size);
  const double ratio = config.learning_rate / rule;
  const bool is_too_high = ratio > reference.tolerance && hidden_size >= kFullSize;
  const bool is_too_low = ratio < 1 / reference.tolerance;
  if (!is_too_high && !is_too_low) return std::nullopt;
  return fmt::format(
      "optimizer.learning_rate is {:.3g}, but the square-root rule gives {:.3g} for {} with a batch of {} ({:g} at "
      "{:g}, times the root of the "
      "ratio of the batch sizes): {}",
      config.learning_rate, rule, reference.name, batch_size, reference.learning_rate, reference.batch_size,
      ratio > 1 ? "the loss of a model of this size may jump, stall near 7 or become NaN" : "learning may be slow");
}

}  // namespace albert::optim
