#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "optim/optimizer_config.h"

namespace albert::optim {

/// The rate of pretraining that the square-root rule gives for a batch: 0.00176 at 4096 sequences for LAMB (the paper,
/// arXiv 1909.11942, section 4.1), 1e-4 at 256 for AdamW (BERT, arXiv 1810.04805, appendix A.2), times the root of the
/// ratio of the batch sizes.
double rule_of_thumb(Rule optimizer, std::int64_t batch_size);

/// What to tell the user when the configured rate is far from that rule; nothing if it is not. A rate of batch 4096
/// used with a small batch is the usual reason why pretraining diverges or never learns. \param batch_size sequences
/// per update, over all ranks
std::optional<std::string> learning_rate_warning(const OptimizerConfig& config, std::int64_t batch_size);

}  // namespace albert::optim
