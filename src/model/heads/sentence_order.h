#pragma once

#include <memory>

#include <torch/nn/module.h>

#include "model/config.h"
#include "model/linear.h"
#include "model/packed_batch.h"
#include "model/pass.h"

namespace albert::model {

/// Scores of "in order" (0) and "swapped" (1) for whole sequences. B sequences, H hidden.
class SentenceOrderHead : public torch::nn::Module {
 public:
  SentenceOrderHead(const AlbertConfig& config, const Compute& compute);

  /// pooled [B, H] -> [B, 2], compute type
  at::Tensor forward(const at::Tensor& pooled, const PackedBatch& batch, const Pass& pass) const;

 private:
  double dropout_probability_;
  std::shared_ptr<Linear> classifier_;
};

}  // namespace albert::model
