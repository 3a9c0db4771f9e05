#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/fields.h"

namespace albert::optim {

enum class Rule { kLamb, kAdamW };

/// The `optimizer` part of a configuration. The defaults are those of Google's pretraining (google-research/albert
/// run_pretraining.py:36-128, optimization.py:75-106, lamb_optimizer.py:40-122).
struct OptimizerConfig {
  Rule name = Rule::kLamb;
  double learning_rate = 0.00176;
  double weight_decay = 0.01;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-6;
  bool bias_correction = false;
  double clip_norm = 1.0;
  /// Each is searched for in a parameter's name as an ECMAScript regular expression; one match excludes it.
  /// "layer_norm" also covers full_layer_layer_norm, "bias" every bias with predictions.bias.
  std::vector<std::string> exclude_from_weight_decay = {"LayerNorm", "layer_norm", "bias"};
  std::vector<std::string> exclude_from_layer_adaptation = {"LayerNorm", "layer_norm", "bias"};

  void fields(config::Fields& f);
  /// \param key the name of this group in the whole configuration
  void check(config::Checks& c, std::string_view key = "optimizer") const;
};

}  // namespace albert::optim
