#include "model/statistics.h"

#include <gtest/gtest.h>

#include "model/pretraining.h"
#include "random_examples.h"

namespace albert::model {
namespace {

AlbertConfig base() {
  AlbertConfig config;
  config.vocab_size = 30000;
  config.hidden_size = 768;
  config.num_attention_heads = 12;
  config.intermediate_size = 3072;
  return config;
}

TEST(Statistics, PartsOfBase) {
  const ParameterCounts expected{.embeddings = 3906048,
                                 .embedding_mapping = 99072,
                                 .layers = 7087872,
                                 .pooler = 590592,
                                 .masked_lm_head = 128688,
                                 .sentence_order_head = 1538};
  EXPECT_EQ(count_parameters(base()), expected);
  EXPECT_EQ(expected.total(), 11813810);
}

TEST(Statistics, CountIsThatOfTheModel) {
  for (const auto& [layers, groups, inner] : {std::tuple{4, 2, 1}, {3, 3, 1}, {2, 1, 3}}) {
    AlbertConfig config = small_config();
    config.num_hidden_layers = layers;
    config.num_hidden_groups = groups;
    config.inner_group_num = inner;
    std::int64_t total = 0;
    for (const at::Tensor& parameter : AlbertForPretraining(config, {}).parameters()) total += parameter.numel();
    EXPECT_EQ(count_parameters(config).total(), total);
  }
}

TEST(Statistics, BertOfTheSameShape) {
  AlbertConfig config = base();
  config.vocab_size = 30522;
  EXPECT_EQ(count_bert_parameters(config).total(), 110106428)
      << "BertForPreTraining of Transformers 5.23, bert-base-uncased";
}

TEST(Statistics, OperationsOfASmallShapeByHand) {
  AlbertConfig config;
  config.vocab_size = 100;
  config.embedding_size = 2;
  config.hidden_size = 4;
  config.intermediate_size = 8;
  config.num_attention_heads = 2;
  config.num_hidden_layers = 2;
  const Workload workload{.sequence_length = 10, .masked_fraction = 0.2};
  const FlopCounts counts = count_flops_per_token(config, workload);
  EXPECT_DOUBLE_EQ(counts.embedding_mapping, 2 * 2 * 4);
  // A layer: query, key, value and output 4 * 2*4*4, feed-forward 2 * 2*4*8, attention 2 * 2*10*4. The last one does
  // 0.2 + 1/10 of everything but key and value.
  EXPECT_DOUBLE_EQ(counts.layers, (128 + 128 + 160) + 64 + 0.3 * (64 + 128 + 160));
  EXPECT_DOUBLE_EQ(counts.heads, 0.2 * (2 * 4 * 2 + 2 * 2 * 100) + (2 * 4 * 4 + 2 * 4 * 2) / 10.0);
  EXPECT_DOUBLE_EQ(counts.training(false), 3 * counts.forward());
  EXPECT_DOUBLE_EQ(counts.training(true), 3 * counts.forward() + counts.layers);
}

TEST(Statistics, SharingSavesMemoryButNoOperations) {
  AlbertConfig unshared = base();
  unshared.num_hidden_groups = unshared.num_hidden_layers;
  EXPECT_EQ(count_flops_per_token(base(), {}).layers, count_flops_per_token(unshared, {}).layers);
  const TrainingMemory albert = estimate_training_memory(base(), {}), bert = estimate_bert_training_memory(base(), {});
  EXPECT_EQ(albert.activations, bert.activations);
  EXPECT_EQ(albert.parameters + albert.gradients + albert.optimizer, 16.0 * 11813810);
  EXPECT_GT(bert.total(), albert.total());
}

TEST(Statistics, RecomputationAndBFloat16SaveMemory) {
  const Workload plain{.num_sequences = 8};
  Workload recompute = plain, narrow = plain;
  recompute.recompute = true;
  narrow.precision = Precision::kBFloat16;
  const double activations = estimate_training_memory(base(), plain).activations;
  EXPECT_LT(estimate_training_memory(base(), recompute).activations, activations / 4);
  EXPECT_EQ(estimate_training_memory(base(), narrow).activations, activations / 2);
}

}  // namespace
}  // namespace albert::model
