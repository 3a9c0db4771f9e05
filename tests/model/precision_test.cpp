#include <gtest/gtest.h>

#include "model/compute_weight.h"
#include "model/initialize.h"
#include "model/modules.h"
#include "model/pretraining.h"
#include "random_examples.h"

namespace albert::model {
namespace {

class ModelPrecision : public ::testing::Test {
 protected:
  std::unique_ptr<AlbertForPretraining> make(Precision precision) const {
    auto model = std::make_unique<AlbertForPretraining>(config_, Compute{.precision = precision});
    initialize(*model, config_, 11);
    // Larger than a model starts with, so that scores differ between words and attention between tokens.
    const at::NoGradGuard no_gradients;
    for (const at::Tensor& parameter : model->parameters()) {
      if (parameter.dim() == 2) parameter.mul_(5);
    }
    return model;
  }

  PretrainingOutput step(AlbertForPretraining& model) const {
    model.zero_grad();
    const PretrainingOutput output = model.forward(batch_, {1, 1}, {.training = true, .seed = 5});
    output.loss.backward();
    return output;
  }

  at::Tensor scores(const AlbertForPretraining& model) const {
    const at::NoGradGuard no_gradients;
    return model.logits(batch_).masked_lm;  // [P, V]
  }

  /// The scores of a model that is made anew with the same weights.
  at::Tensor scores_anew(const AlbertForPretraining& model) const {
    const at::NoGradGuard no_gradients;
    const auto other = make(model.compute().precision);
    for (const auto& item : other->named_parameters()) item.value().copy_(model.named_parameters()[item.key()]);
    return scores(*other);
  }

  AlbertConfig config_ = small_config();
  PretrainingBatch batch_ = RandomExamples({9, 30, 3, 17}, config_).batch();
};

TEST_F(ModelPrecision, BFloat16IsCloseToFloat32) {
  const auto exact = make(Precision::kFloat32), rounded = make(Precision::kBFloat16);
  const auto loss = step(*exact).loss.item<double>();
  std::vector<at::Tensor> norms;
  for (const at::Tensor& parameter : exact->parameters()) norms.push_back(parameter.grad().norm());
  const auto all_norm = at::stack(norms).norm();

  // bfloat16 keeps 8 bits: every product's operands are off by up to 2^-9 = 0.2%, at random, and four layers of some
  // ten roundings each add up as their root, to about 1%. Three times that is still far below what a wrong factor would
  // do.
  EXPECT_NEAR(step(*rounded).loss.item<double>() / loss, 1, 0.01);
  for (const auto& item : rounded->named_parameters()) {
    const at::Tensor gradient = item.value().grad();
    ASSERT_EQ(gradient.scalar_type(), at::kFloat) << item.key();
    const at::Tensor expected = exact->named_parameters()[item.key()].grad();
    const auto scale = at::maximum(expected.norm(), 0.01 * all_norm).item<double>();
    EXPECT_LT((gradient - expected).norm().item<double>() / scale, 0.03) << item.key();
  }
  EXPECT_EQ(exact->albert().forward(batch_.sequences, nullptr, {}).scalar_type(), at::kFloat);
  EXPECT_EQ(rounded->albert().forward(batch_.sequences, nullptr, {}).scalar_type(), at::kBFloat16);
}

/// What an update, or a file of weights that is read, does to the parameters: no one tells the model of it.
TEST_F(ModelPrecision, TheNextPassReadsWeightsThatWereChanged) {
  for (const Precision precision : {Precision::kFloat32, Precision::kBFloat16}) {
    const auto model = make(precision);
    const at::Tensor before = scores(*model);
    const auto loss = step(*model).loss.item<double>();
    {
      const at::NoGradGuard no_gradients;
      for (const at::Tensor& parameter : model->parameters()) parameter.sub_(parameter.grad(), 0.01);
    }
    EXPECT_FALSE(scores(*model).equal(before));
    EXPECT_TRUE(scores(*model).equal(scores_anew(*model)));
    EXPECT_LT(step(*model).loss.item<double>(), loss);

    initialize(*model, config_, 12);
    EXPECT_TRUE(scores(*model).equal(scores_anew(*model)));
  }
}

TEST(ComputeWeight, OneCopyServesUntilTheWeightChanges) {
  const Linear linear(4, 3, {.precision = Precision::kBFloat16});
  const at::Tensor weight = linear.named_parameters()["weight"];
  const at::Tensor first = linear.compute_weight().compute;
  EXPECT_TRUE(linear.compute_weight().compute.is_same(first));
  {
    const at::NoGradGuard no_gradients;
    weight.fill_(2);
  }
  const at::Tensor second = linear.compute_weight().compute;
  EXPECT_TRUE(second.eq(2).all().item<bool>());
  EXPECT_TRUE(first.eq(0).all().item<bool>());  // a graph that holds it still does
  weight.set_data(at::full({3, 4}, 3.F));       // as a move to another device does
  EXPECT_TRUE(linear.compute_weight().compute.eq(3).all().item<bool>());
}

TEST(ComputeWeight, Float32ReadsTheParameterItself) {
  const Linear linear(4, 3, {});
  EXPECT_EQ(linear.compute_weight().compute.const_data_ptr(), linear.named_parameters()["weight"].const_data_ptr());
}

}  // namespace
}  // namespace albert::model
