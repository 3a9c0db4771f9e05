#include "model/heads/class_loss.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace albert::model {
namespace {

const std::vector<float> kWeights = {0.5, 1, 2};

at::Tensor scores() {
  return at::tensor({1.0, 2.0, 0.5, 0.2, -1.0, 3.0, 2.0, 2.0, 2.0, -1.0, 0.5, 0.0}, at::kFloat).view({4, 3});
}

double class_loss(const LossConfig& loss) {
  return class_loss_sum(scores(), at::tensor({1, 0, 2, 1}, at::kLong), loss).item<double>();
}

double label_loss(const LossConfig& loss) {
  const at::Tensor values = at::tensor({1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0}, at::kFloat).view({4, 3});
  return label_loss_sum(scores(), values, loss).item<double>() / 12;
}

// What PyTorch 2.11 gives.

TEST(ClassLoss, IsCrossEntropyLossOfPyTorch) {
  EXPECT_NEAR(class_loss({}), 5.0432630, 1e-5);
  EXPECT_NEAR(class_loss({.class_weights = kWeights}), 4.7037997, 1e-5);
  EXPECT_NEAR(class_loss({.label_smoothing = 0.1}), 5.1399298, 1e-5);
  EXPECT_NEAR(class_loss({.class_weights = kWeights, .label_smoothing = 0.1}), 4.8501334, 1e-5);
  EXPECT_THROW(class_loss({.class_weights = {1, 2}}), InternalError);
}

TEST(ClassLoss, OfLabelsIsBCEWithLogitsLossOfPyTorch) {
  EXPECT_NEAR(label_loss({}), 1.2029605, 1e-5);
  EXPECT_NEAR(label_loss({.class_weights = kWeights}), 1.1392375, 1e-5);
  EXPECT_NEAR(label_loss({.class_weights = kWeights, .label_smoothing = 0.1}), 1.1204721, 1e-5)
      << "of targets times 0.9, and 0.05";
}

}  // namespace
}  // namespace albert::model
