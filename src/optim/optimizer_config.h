#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/fields.h"

namespace albert::optim {

enum class Rule {
  kLamb,
  kAdamW,
  kMuon,  ///< for the matrices of the encoder, with AdamW for the rest
};

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
  double clip_update = 0;
  double momentum = 0.95;
  /// Each is searched for in a parameter's name as an ECMAScript regular expression; one match excludes it.
  /// "layer_norm" also covers full_layer_layer_norm, "bias" every bias with predictions.bias.
  std::vector<std::string> exclude_from_weight_decay = {"LayerNorm", "layer_norm", "bias"};
  std::vector<std::string> exclude_from_layer_adaptation = {"LayerNorm", "layer_norm", "bias"};
  /// Likewise, of the matrices: those that Muon updates.
  std::vector<std::string> muon_parameters = {"encoder"};
  bool muon_in_bfloat16 = false;  ///< its products; no setting: they follow those of the model

  void fields(config::Fields& f);
  /// \param key the name of this group in the whole configuration
  void check(config::Checks& c, std::string_view key = "optimizer") const;
};

/// The rate of pretraining that the square-root rule gives for a batch: 0.00176 at 4096 sequences for LAMB (the paper,
/// arXiv 1909.11942, section 4.1), 1e-4 at 256 for AdamW (BERT, arXiv 1810.04805, appendix A.2), times the root of the
/// ratio of the batch sizes.
double rule_of_thumb(Rule optimizer, std::int64_t batch_size);

/// What to tell the user when the configured rate is far from that rule; nothing if it is not. A rate of batch 4096
/// used with a small batch is the usual reason why pretraining diverges or never learns.
/// \param batch_size sequences per update, over all ranks
/// \param hidden_size of the model: the rule has no upper bound for those narrower than 512, which stand higher rates
std::optional<std::string> learning_rate_warning(const OptimizerConfig& config, std::int64_t batch_size,
                                                 std::int64_t hidden_size);

}  // namespace albert::optim
