#include <gtest/gtest.h>

#include "base/error.h"
#include "model/compute_weight.h"
#include "model/initialize.h"
#include "model/pretraining.h"
#include "random_examples.h"

namespace albert::model {
namespace {

class ModelPrecision : public ::testing::Test {
 protected:
  ModelPrecision() {
    initialize(model_, config_, 11);
    // Larger than a model starts with, so that scores differ between words and attention between tokens.
    const at::NoGradGuard no_gradients;
    for (const at::Tensor& parameter : model_.parameters()) {
      if (parameter.dim() == 2) parameter.mul_(5);
    }
  }

  PretrainingOutput step() {
    model_.zero_grad();
    const PretrainingOutput output = model_.forward(batch_, {1, 1}, {.training = true, .seed = 5});
    output.loss.backward();
    return output;
  }

  AlbertConfig config_ = small_config();
  AlbertForPretraining model_{config_};
  PretrainingBatch batch_ = RandomExamples({9, 30, 3, 17}, config_).batch();
};

TEST_F(ModelPrecision, BFloat16IsCloseToFloat32) {
  const auto loss = step().loss.item<double>();
  std::map<std::string, at::Tensor> gradients;
  for (const auto& item : model_.named_parameters()) gradients[item.key()] = item.value().grad().clone();
  const auto all_norm = at::stack([&] {
                          std::vector<at::Tensor> norms;
                          for (const auto& [name, gradient] : gradients) norms.push_back(gradient.norm());
                          return norms;
                        }())
                            .norm();

  refresh_compute_weights(model_, Precision::kBFloat16);
  // bfloat16 keeps 8 bits: every product's operands are off by up to 2^-9 = 0.2%, at random, and four layers of some
  // ten roundings each add up as their root, to about 1%. Three times that is still far below what a wrong factor would
  // do.
  EXPECT_NEAR(step().loss.item<double>() / loss, 1, 0.01);
  for (const auto& item : model_.named_parameters()) {
    const at::Tensor gradient = item.value().grad();
    ASSERT_EQ(gradient.scalar_type(), at::kFloat) << item.key();
    const at::Tensor& expected = gradients.at(item.key());
    const auto scale = at::maximum(expected.norm(), 0.01 * all_norm).item<double>();
    EXPECT_LT((gradient - expected).norm().item<double>() / scale, 0.03) << item.key();
  }
  EXPECT_EQ(model_.albert().forward(batch_.sequences, nullptr, {}).scalar_type(), at::kBFloat16);
}

TEST_F(ModelPrecision, AStaleCopyIsRefused) {
  refresh_compute_weights(model_, Precision::kBFloat16);
  const auto before = step().loss.item<double>();
  {
    const at::NoGradGuard no_gradients;
    for (const at::Tensor& parameter : model_.parameters()) parameter.sub_(parameter.grad(), 0.01);
  }
  EXPECT_THROW(step(), InternalError);
  refresh_compute_weights(model_, Precision::kBFloat16);
  EXPECT_LT(step().loss.item<double>(), before);
}

TEST_F(ModelPrecision, Float32ReadsTheParametersThemselves) {
  const auto before = step().loss.item<double>();
  {
    const at::NoGradGuard no_gradients;
    for (const at::Tensor& parameter : model_.parameters()) parameter.sub_(parameter.grad(), 0.001);
  }
  EXPECT_LT(step().loss.item<double>(), before);
  refresh_compute_weights(model_, Precision::kBFloat16);
  refresh_compute_weights(model_, Precision::kFloat32);
  EXPECT_EQ(model_.albert().forward(batch_.sequences, nullptr, {}).scalar_type(), at::kFloat);
}

}  // namespace
}  // namespace albert::model
