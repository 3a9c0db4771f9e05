#include "inference/fill_mask.h"

#include <limits>
#include <set>

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

const albert::testing::FakeTokenizer kTokenizer;  // its [MASK] is the id 4

TEST(FillIteratively, FillsTheSurestMaskFirstAndAsksAgain) {
  const auto model = testing::make_model();
  const auto steps = fill_iteratively(*model, kTokenizer, "17 4 23 4 9", {});
  ASSERT_EQ(steps.size(), 2u);
  const auto first = fill_mask(*model, kTokenizer, "17 4 23 4 9", 100);
  // The best piece that is not special, of either mask. Special ones are left out before the softmax.
  const auto best = [](const FilledMask& mask) {
    double special = 0;
    const Candidate* found = nullptr;
    for (const Candidate& candidate : mask.predictions) {
      if (candidate.id < 5) special += candidate.probability;
      if (candidate.id >= 5 && !found) found = &candidate;
    }
    return std::pair(found->probability / (1 - special), found->id);
  };
  const std::size_t surest = best(first[0]).first >= best(first[1]).first ? 0 : 1;
  EXPECT_EQ(steps[0].position, first[surest].position);
  EXPECT_EQ(steps[0].chosen.id, best(first[surest]).second);
  EXPECT_NEAR(steps[0].chosen.probability, best(first[surest]).first, 1e-6);

  const std::string id = std::to_string(steps[0].chosen.id);
  const auto second = fill_mask(*model, kTokenizer, surest == 0 ? "17 " + id + " 23 4 9" : "17 4 23 " + id + " 9", 100);
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(steps[1].position, second[0].position);
  EXPECT_EQ(steps[1].chosen.id, best(second[0]).second);
  EXPECT_NEAR(steps[1].chosen.probability, best(second[0]).first, 1e-6);
}

TEST(FillIteratively, ChangesOnlyTheMasks) {
  const auto model = testing::make_model();
  const auto steps = fill_iteratively(*model, kTokenizer, "(17)  4,\n23 4", {});
  const auto spelled = [&](std::int64_t position) {
    for (const FillStep& step : steps) {
      if (step.position == position) return std::pair(std::to_string(step.chosen.id), step.chosen.id % 3 != 0);
    }
    throw InternalError("no step");
  };
  // Pieces that 3 divides go on with the word before them.
  const auto [first, first_begins] = spelled(2);
  const auto [second, second_begins] = spelled(4);
  EXPECT_EQ(steps.back().text,
            "(17)" + std::string(first_begins ? "  " : "") + first + ",\n23" + (second_begins ? " " : "") + second);
}

TEST(FillIteratively, TheLowestTemperatureDrawsTheBestPiece) {
  const auto model = testing::make_model();
  const auto best = fill_iteratively(*model, kTokenizer, "17 4 23 4 9", {});
  for (const double temperature : {1e-300, std::numeric_limits<double>::denorm_min()}) {
    const auto drawn = fill_iteratively(*model, kTokenizer, "17 4 23 4 9",
                                        {.sample = true, .temperature = temperature, .top_k = 0, .seed = 1});
    EXPECT_EQ(drawn.back().text, best.back().text);
  }
}

TEST(FillIteratively, NeverPutsInSpecialTokens) {
  const auto model = testing::make_model();
  std::set<std::int32_t> drawn;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    for (const FillStep& step : fill_iteratively(*model, kTokenizer, "4 4 4 4 4 4 4 4",
                                                 {.sample = true, .temperature = 100, .top_k = 0, .seed = seed})) {
      drawn.insert(step.chosen.id);
    }
  }
  EXPECT_GE(*drawn.begin(), 5);
  EXPECT_GT(drawn.size(), 25u);  // of 95, in 64 draws from nearly equal probabilities
}

TEST(FillIteratively, DrawsTheSameForTheSameSeedAndTheBestOfOne) {
  const auto model = testing::make_model();
  const auto text = [&](const IterativeOptions& options) {
    return fill_iteratively(*model, kTokenizer, "4 17 4 4 23", options).back().text;
  };
  const IterativeOptions wild{.sample = true, .temperature = 10, .top_k = 0, .seed = 7};
  EXPECT_EQ(text(wild), text(wild));
  EXPECT_NE(text(wild), text({.sample = true, .temperature = 10, .top_k = 0, .seed = 8}));
  EXPECT_EQ(text({.sample = true, .temperature = 10, .top_k = 1, .seed = 7}), text({}));
}

TEST(FillIteratively, RefusesATextWithoutMasks) {
  EXPECT_THROW(fill_iteratively(*testing::make_model(), kTokenizer, "17 23", {}), DataError);
}

}  // namespace
}  // namespace albert::inference
