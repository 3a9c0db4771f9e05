// What must hold for any weights: how a batch is laid out, split or computed changes nothing.
#include "model/pretraining.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "model/initialize.h"
#include "random_examples.h"
#include "support/refusal.h"

namespace albert::model {
namespace {

/// The norm of the difference of two tensors relative to the second's.
double relative_error(const at::Tensor& found, const at::Tensor& expected) {
  return ((found - expected).norm() / expected.norm().clamp_min(1e-30)).item<double>();
}

class PretrainingModel : public ::testing::Test {
 protected:
  PretrainingModel() { make(Precision::kFloat32); }

  void make(Precision precision) {
    model_ = std::make_shared<AlbertForPretraining>(config_, Compute{.precision = precision});
    initialize(*model_, config_, 11);
  }

  LossNormalisers normalisers(const RandomExamples& all) const {
    const PretrainingBatch batch = all.batch();
    return {static_cast<double>(batch.num_targets()), static_cast<double>(batch.sequences.num_sequences())};
  }

  /// The gradients of one update, in micro-batches of a size, by name; and what the losses add up to.
  struct Update {
    std::map<std::string, at::Tensor> gradients;
    double loss = 0;
    std::int64_t num_correct = 0;
  };
  Update update(const RandomExamples& all, std::size_t micro_batch_size, const Pass& pass) {
    Update result;
    model_->zero_grad();
    for (std::size_t i = 0; i < all.views().size(); i += micro_batch_size) {
      const auto batch = pack_pretraining(all.views(i, micro_batch_size), static_cast<std::int64_t>(i));
      const PretrainingOutput output = model_->forward(batch, normalisers(all), pass);
      output.loss.backward();
      result.loss += output.loss.item<double>();
      result.num_correct += (output.masked_lm_correct + output.order_correct).item<std::int64_t>();
    }
    for (const auto& item : model_->named_parameters()) result.gradients[item.key()] = item.value().grad().clone();
    return result;
  }

  AlbertConfig config_ = small_config();
  std::shared_ptr<AlbertForPretraining> model_;
  const Pass training_{.training = true, .seed = 5, .step = 17};
};

TEST_F(PretrainingModel, ParameterNamesAreHuggingFaces) {
  std::vector<std::string> names;
  for (const auto& item : model_->named_parameters()) names.push_back(item.key());
  EXPECT_EQ(names.size(), 5 + 2 + 2 * 16 + 2 + 5 + 2);
  EXPECT_THAT(names, ::testing::IsSupersetOf(std::vector<std::string>{
                         "albert.embeddings.word_embeddings.weight", "albert.embeddings.LayerNorm.bias",
                         "albert.encoder.embedding_hidden_mapping_in.weight",
                         "albert.encoder.albert_layer_groups.1.albert_layers.0.attention.query.weight",
                         "albert.encoder.albert_layer_groups.0.albert_layers.0.attention.LayerNorm.weight",
                         "albert.encoder.albert_layer_groups.0.albert_layers.0.full_layer_layer_norm.bias",
                         "albert.encoder.albert_layer_groups.0.albert_layers.0.ffn_output.weight", "albert.pooler.bias",
                         "predictions.bias", "predictions.LayerNorm.weight", "predictions.dense.weight",
                         "sop_classifier.classifier.weight"}));
}

TEST_F(PretrainingModel, ASequenceAloneEqualsTheSequenceInABatch) {
  const at::NoGradGuard no_gradients;
  const RandomExamples all({9, 30, 3, 17}, config_);
  const at::Tensor together = model_->albert().forward(all.batch().sequences, nullptr, training_);  // [T, H]
  std::int64_t begin = 0;
  for (std::size_t b = 0; b < all.views().size(); ++b) {
    const PretrainingBatch alone = pack_pretraining(all.views(b, 1), static_cast<std::int64_t>(b));
    const at::Tensor hidden = model_->albert().forward(alone.sequences, nullptr, training_);  // [L, H]
    // Not bit for bit: the matrix products group their sums by the number of rows.
    EXPECT_LT(relative_error(together.slice(0, begin, begin + hidden.size(0)), hidden), 1e-6) << b;
    begin += hidden.size(0);
  }
}

TEST_F(PretrainingModel, OnlyTheLayersThatAreNamedAreKept) {
  const at::NoGradGuard no_gradients;
  const RandomExamples all({9, 30}, config_);
  const PackedBatch batch = all.batch().sequences;
  const std::int64_t last = config_.num_layer_applications();
  const EncoderTrace trace = model_->albert().look_inside(batch, {}, {.layers = {0, last}, .wants_attentions = true});
  const auto layers_of = [](const auto& kept) {
    std::vector<std::int64_t> layers;
    for (const auto& entry : kept) layers.push_back(entry.first);
    return layers;
  };
  EXPECT_THAT(layers_of(trace.states), ::testing::ElementsAre(0, last));
  EXPECT_THAT(layers_of(trace.attentions), ::testing::ElementsAre(last));
  EXPECT_TRUE(at::equal(trace.states.at(last), model_->albert().forward(batch, nullptr, {})));
  EXPECT_TRUE(model_->albert().look_inside(batch, {}, {.layers = {1}}).attentions.empty());
}

TEST_F(PretrainingModel, ReadRowsEqualAllRows) {
  const RandomExamples all({9, 30, 3, 17}, config_);
  const PretrainingBatch batch = all.batch();
  const at::Tensor full = model_->albert().forward(batch.sequences, nullptr, training_);      // [T, H]
  const at::Tensor read = model_->albert().forward(batch.sequences, &batch.read, training_);  // [R, H]
  EXPECT_LT(relative_error(read, full.index_select(0, batch.read.rows)), 1e-6);
  EXPECT_LT(relative_error(model_->albert().pool(read, batch.read.first_rows()),
                           model_->albert().pool(full, batch.sequences.first_rows())),
            1e-6);
  // And so do the gradients.
  const at::Tensor direction = at::rand_like(read);
  const auto gradients = [&](const at::Tensor& rows) {
    model_->zero_grad();
    (rows * direction).sum().backward();
    return model_->named_parameters()["albert.embeddings.word_embeddings.weight"].grad().clone();
  };
  EXPECT_LT(relative_error(gradients(read), gradients(full.index_select(0, batch.read.rows))), 1e-5);
}

TEST_F(PretrainingModel, MicroBatchesEqualTheLargeBatchUnderDropout) {
  const RandomExamples all({9, 30, 3, 17, 25, 8, 12, 40}, config_);
  const Update once = update(all, 8, training_), in_two = update(all, 4, training_),
               one_by_one = update(all, 1, training_);
  for (const Update& split : {in_two, one_by_one}) {
    EXPECT_NEAR(split.loss, once.loss, 1e-5);
    EXPECT_EQ(split.num_correct, once.num_correct);
    for (const auto& [name, gradient] : once.gradients) {
      if (name.ends_with("key.bias")) continue;  // truly zero: both are rounding
      EXPECT_LT(relative_error(split.gradients.at(name), gradient), 1e-4) << name;
    }
  }
}

TEST_F(PretrainingModel, DropoutChangesWithStepAndSeedAndOnlyInTraining) {
  const RandomExamples all({9, 30, 3, 17}, config_);
  const auto loss = [&](const Pass& pass) { return update(all, 4, pass).loss; };
  const double first = loss(training_);
  EXPECT_EQ(loss(training_), first);
  EXPECT_NE(loss({.training = true, .seed = 5, .step = 18}), first);
  EXPECT_NE(loss({.training = true, .seed = 6, .step = 17}), first);
  EXPECT_NE(loss({}), first);
  EXPECT_EQ(loss({.training = false, .seed = 6, .step = 1}), loss({}));
}

TEST_F(PretrainingModel, SettingsOfDropoutDecideWhereItFalls) {
  const RandomExamples all({9, 30, 3, 17}, config_);
  const auto order_logits = [&](const AlbertConfig& changed) {
    AlbertForPretraining other(changed, {});
    initialize(other, changed, 11);
    return other.logits(all.batch(), training_).order.detach();
  };
  AlbertConfig without_ffn = config_, without_order = config_, without_any = config_;
  without_ffn.ffn_output_dropout = false;
  without_order.sentence_order_dropout = false;
  without_any.hidden_dropout_prob = without_any.attention_probs_dropout_prob = without_any.classifier_dropout_prob = 0;
  EXPECT_FALSE(order_logits(without_ffn).equal(order_logits(config_)));
  EXPECT_FALSE(order_logits(without_order).equal(order_logits(config_)));
  EXPECT_TRUE(order_logits(without_any).equal([&] {
    AlbertForPretraining other(without_any, {});
    initialize(other, without_any, 11);
    return other.logits(all.batch(), {}).order.detach();
  }()));
}

TEST_F(PretrainingModel, FewerApplicationsAreThoseOfAShallowerModel) {
  const RandomExamples all({9, 30, 3, 17}, config_);
  config_.num_hidden_groups = 1;
  make(Precision::kFloat32);
  Pass shallow = training_;
  shallow.num_layers = 1;
  const Update of_part = update(all, 4, shallow), of_whole = update(all, 4, training_);
  config_.num_hidden_layers = 1;
  make(Precision::kFloat32);  // the layers share their weights, so the same seed gives the same ones
  const Update expected = update(all, 4, training_);
  EXPECT_EQ(of_part.loss, expected.loss);
  EXPECT_NE(of_part.loss, of_whole.loss);
  for (const auto& [name, gradient] : expected.gradients)
    EXPECT_TRUE(at::equal(of_part.gradients.at(name), gradient)) << name;
}

TEST_F(PretrainingModel, RecomputationAndRepetitionAreExact) {
  const RandomExamples all({9, 30, 3, 17}, config_);
  for (const Precision precision : {Precision::kFloat32, Precision::kBFloat16}) {
    make(precision);
    const Update plain = update(all, 2, training_), again = update(all, 2, training_);
    Pass recompute = training_;
    recompute.recompute = true;
    const Update recomputed = update(all, 2, recompute);
    EXPECT_EQ(again.loss, plain.loss);
    EXPECT_EQ(recomputed.loss, plain.loss);
    for (const auto& [name, gradient] : plain.gradients) {
      EXPECT_TRUE(again.gradients.at(name).equal(gradient)) << name;
      EXPECT_TRUE(recomputed.gradients.at(name).equal(gradient)) << name;
    }
  }
}

TEST_F(PretrainingModel, WithoutOrderLabelsThereIsNoOrderLoss) {
  const RandomExamples all({9, 30}, config_);
  PretrainingBatch batch = all.batch();
  batch.order_labels.reset();
  const PretrainingOutput output = model_->forward(batch, {.num_targets = 2}, {});
  EXPECT_FALSE(output.order_sum.defined());
  EXPECT_FLOAT_EQ(output.loss.item<float>(), output.masked_lm_sum.item<float>() / 2);
  output.loss.backward();
  EXPECT_FALSE(model_->named_parameters()["sop_classifier.classifier.weight"].grad().defined());
}

TEST_F(PretrainingModel, ABatchThatDoesNotFitIsRefused) {
  const auto error_of = [&](std::vector<std::int32_t> ids, std::vector<std::int32_t> segments) -> std::string {
    return albert::testing::error_of<ModelError>([&] {
      model_->albert().forward(pack(std::vector<SequenceView>{{ids, segments}}), nullptr, {});
    });
  };
  EXPECT_THAT(error_of({2, 101, 3}, {}), ::testing::HasSubstr("token id 101 is outside the model's vocabulary of 101"));
  EXPECT_THAT(
      error_of(std::vector<std::int32_t>(65, 2), {}),
      ::testing::HasSubstr("a sequence of 65 tokens is too long for the model, whose max_position_embeddings is 64"));
  EXPECT_THAT(error_of({2, 3}, {0, 2}), ::testing::HasSubstr("segment id 2 is outside"));
  EXPECT_EQ(error_of(std::vector<std::int32_t>(64, 100), {}), "");
}

}  // namespace
}  // namespace albert::model
