#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/ATen.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "checkpoint/training_checkpoint.h"

namespace albert::checkpoint::testing {

/// A vocabulary of nothing that writes one small file: what a checkpoint asks of a tokenizer.
class FakeTokenizer : public text::Tokenizer {
 public:
  std::unique_ptr<text::Encoder> make_encoder(std::size_t) const override { return nullptr; }
  std::vector<text::Piece> encode_with_offsets(std::string_view, text::SpecialTokens) const override { return {}; }
  std::string decode(std::span<const std::int32_t>, bool) const override { return ""; }
  std::int32_t vocabulary_size() const override { return 0; }
  std::string_view piece(std::int32_t id) const override { throw DataError("no piece {}", id); }
  bool starts_word(std::int32_t) const override { return true; }
  const text::SpecialIds& special() const override { return special_; }
  const text::TokenizerSettings& settings() const override { return settings_; }
  std::string fingerprint() const override { return "none"; }
  void save(const fs::path& folder, std::int64_t max_length) const override {
    write_file_atomically(folder / "spiece.model", fmt::format("pieces up to {}", max_length));
  }

 private:
  text::SpecialIds special_{};
  text::TokenizerSettings settings_;
};

inline at::Tensor values(at::IntArrayRef shape, double phase) {
  return (at::arange(at::numel(at::zeros(shape)), at::kDouble) * 0.37 + phase).sin().to(at::kFloat).reshape(shape);
}

/// The names of a pretraining model, with tensors of a few elements.
inline NamedTensors make_parameters(double phase) {
  const std::string layer = "albert.encoder.albert_layer_groups.0.albert_layers.0.";
  return {{"albert.embeddings.word_embeddings.weight", values({5, 2}, phase)},
          {"albert.embeddings.LayerNorm.weight", values({2}, phase + 1)},
          {"albert.encoder.embedding_hidden_mapping_in.weight", values({3, 2}, phase + 2)},
          {layer + "ffn.bias", values({4}, phase + 3)},
          {"albert.pooler.weight", values({3, 3}, phase + 4)},
          {"albert.pooler.bias", values({3}, phase + 5)},
          {"predictions.bias", values({5}, phase + 6)},
          {"predictions.dense.weight", values({2, 3}, phase + 7)},
          {"sop_classifier.classifier.weight", values({2, 3}, phase + 8)},
          {"sop_classifier.classifier.bias", values({2}, phase + 9)}};
}

inline TrainingContents make_contents(const text::Tokenizer& tokenizer, std::int64_t step) {
  const auto phase = static_cast<double>(step);
  return {.model = {.parameters = make_parameters(phase),
                    .config_json = "{\"model_type\": \"albert\"}\n",
                    .tokenizer = &tokenizer},
          .optimizer_state = {{"predictions.bias.exp_avg", values({5}, phase + 20)},
                              {"step", at::scalar_tensor(step, at::kLong)}},
          .state = {.step = step, .epoch = 1, .index_in_epoch = 17, .elapsed_s = 0.1, .seed = 42},
          .run_yaml = "train:\n  steps: 100\n"};
}

inline void expect_equal(const NamedTensors& a, const NamedTensors& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].name, b[i].name);
    EXPECT_TRUE(at::equal(a[i].tensor, b[i].tensor)) << a[i].name;
  }
}

}  // namespace albert::checkpoint::testing
