#include "inference/fill_mask.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "model/pack.h"
#include "support/fake_tokenizer.h"
#include "support/small_model.h"

namespace albert::inference {
namespace {

/// The FakeTokenizer's [MASK] is the id 4.
TEST(FillMask, GivesTheModelsOwnProbabilities) {
  const auto model = testing::make_model();
  const albert::testing::FakeTokenizer tokenizer;
  const auto masks = fill_mask(*model, tokenizer, "17 4 23 4 9", 100);
  ASSERT_EQ(masks.size(), 2u);
  EXPECT_EQ(masks[0].position, 2);
  EXPECT_EQ(masks[1].position, 4);

  const std::vector<std::int32_t> ids{2, 17, 4, 23, 4, 9, 3};
  const std::vector<std::int32_t> positions{2, 4};
  const std::vector<std::int32_t> labels{0, 0};
  const model::PretrainingView view{{ids, {}}, positions, labels, -1};
  const at::NoGradGuard no_gradients;
  const at::Tensor expected = at::softmax(model->logits(model::pack_pretraining({&view, 1})).masked_lm, 1);  // [2, V]
  for (std::int64_t m = 0; m < 2; ++m) {
    double previous = 1;
    for (const Candidate& candidate : masks[static_cast<std::size_t>(m)].predictions) {
      EXPECT_NEAR(candidate.probability, expected[m][candidate.id].item<double>(), 1e-6);
      EXPECT_EQ(candidate.token, tokenizer.piece(candidate.id));
      EXPECT_LE(candidate.probability, previous);
      previous = candidate.probability;
    }
  }
}

TEST(FillMask, ReturnsNoMoreThanAskedFor) {
  const auto model = testing::make_model();
  const albert::testing::FakeTokenizer tokenizer;
  EXPECT_EQ(fill_mask(*model, tokenizer, "4", 3)[0].predictions.size(), 3u);
  EXPECT_EQ(fill_mask(*model, tokenizer, "4", 1000)[0].predictions.size(), 100u);
}

TEST(FillMask, RefusesTextsItCannotAnswer) {
  const auto model = testing::make_model();
  const albert::testing::FakeTokenizer tokenizer;
  EXPECT_THROW(fill_mask(*model, tokenizer, "17 23", 5), DataError);
  std::string text;
  for (int i = 0; i < 63; ++i) text += "4 ";
  EXPECT_THROW(fill_mask(*model, tokenizer, text, 5), DataError);
}

}  // namespace
}  // namespace albert::inference
