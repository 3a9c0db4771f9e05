// What the heads compute against Transformers and, where it has no such head, against plain references
// (scripts/make_head_fixtures.py), in float32.
#include <set>

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "head_fixture.h"
#include "model/task_model.h"
#include "parity.h"

namespace albert::model {
namespace {

class HeadParity : public ::testing::TestWithParam<std::string> {
 protected:
  HeadParity() {
    at::set_num_threads(1);  // so little work that more threads only wait for one another
    fill_by_formula(*model_);
  }

  static ItemBatch pack_all(const std::vector<Item>& items, HeadKind kind) {
    std::vector<const Item*> pointers;
    for (const Item& item : items) pointers.push_back(&item);
    return pack_items(pointers, kind);
  }
  ItemBatch batch() const { return pack_all(fixture_.items, fixture_.head.kind); }

  double scores_error() const {
    const at::NoGradGuard no_gradients;
    return output_error(model_->scores(batch(), {}).flatten(), fixture_["scores"]);
  }
  /// Leaves the gradients behind.
  double loss_error() const {
    model_->zero_grad();
    const ItemBatch packed = batch();
    const at::Tensor loss = model_->loss_sum(model_->scores(packed, {}), packed) / packed.num_targets;
    loss.backward();
    return output_error(loss, fixture_["loss"]);
  }

  HeadFixture fixture_{GetParam()};
  std::shared_ptr<TaskModel> model_ = make_task_model(fixture_.config, fixture_.head, {});
};

TEST_P(HeadParity, ScoresAndLoss) {
  EXPECT_LE(scores_error(), 1);
  EXPECT_LE(loss_error(), 1);
}

TEST_P(HeadParity, EveryGradientByName) {
  loss_error();
  EXPECT_LE(gradient_error(*model_, fixture_), 1);
}

TEST_P(HeadParity, AWrongWeightIsFound) {
  for (const auto& item : model_->named_parameters()) {
    if (item.key().ends_with("key.bias")) continue;  // the softmax does not see what is added to all keys alike
    fill_by_formula(*model_);
    {
      const at::NoGradGuard no_gradients;
      // Every fifth element, which no row's length is a multiple of: what is added to all rows alike shifts all scores
      // of a softmax, and what is added to all elements of a layer norm is taken away again.
      item.value().flatten().slice(0, 0, std::nullopt, 5).add_(2e-3);
    }
    const double outputs = std::max(scores_error(), loss_error());
    EXPECT_GT(std::max(outputs, gradient_error(*model_, fixture_)), 1) << item.key();
  }
}

TEST_P(HeadParity, AWrongItemIsFound) {
  // The first item is asked something else: another right answer, or another place where there are two texts only.
  Item& item = fixture_.items[0];
  const HeadKind kind = fixture_.head.kind;
  if (kind == HeadKind::kEntityPair) {
    std::swap(item.positions[0], item.positions[1]);
  } else if (kind == HeadKind::kJointQuestionAnswering) {
    item.labels[2] = 1 - item.labels[2];
  } else if (!item.labels.empty()) {
    item.labels[0] = item.labels[0] == 0 ? 1 : 0;
  } else if (!item.values.empty()) {
    item.values[0] = 1 - item.values[0];
  } else {
    std::swap(item.sequences[1], fixture_.items[1].sequences[1]);
  }
  EXPECT_GT(loss_error(), 1);
  EXPECT_GT(gradient_error(*model_, fixture_), 1);
}

INSTANTIATE_TEST_SUITE_P(Fixtures, HeadParity, ::testing::ValuesIn(fixture_names("heads")),
                         [](const auto& parameter) { return parameter.param; });

/// The head as it is in use, where it looks for the starts itself.
class JointHeadInUse : public HeadParity {
 protected:
  JointHeadInUse() {
    for (Item& item : fixture_.items) item.labels.clear();
  }
};

TEST_P(JointHeadInUse, ScoresEndsOfTheBestStarts) {
  const at::NoGradGuard no_gradients;
  const at::Tensor scores = model_->scores(batch(), {});
  EXPECT_LE(output_error(scores, fixture_["scores_in_use"]), 1);
  EXPECT_EQ(model_->score_offsets(batch()).back(), scores.numel());
  HeadConfig fewer = fixture_.head;
  fewer.num_starts = 4;
  EXPECT_NE(make_task_model(fixture_.config, fewer, {})->score_offsets(batch()).back(), scores.numel());
}

INSTANTIATE_TEST_SUITE_P(Fixtures, JointHeadInUse, ::testing::Values("joint_question_answering"));

TEST(HeadFixtures, CoverEveryHead) {
  std::set<HeadKind> kinds;
  std::set<EmbeddingObjective> objectives;
  for (const std::string& name : fixture_names("heads")) {
    const HeadFixture fixture(name);
    kinds.insert(fixture.head.kind);
    if (fixture.head.kind == HeadKind::kEmbedding) objectives.insert(fixture.head.objective);
    std::set<std::size_t> lengths;
    for (const Item& item : fixture.items) {
      for (const Sequence& sequence : item.sequences) lengths.insert(sequence.token_ids.size());
    }
    EXPECT_GT(lengths.size(), 2) << name;
  }
  EXPECT_EQ(fixture_names("heads").size(), 11);
  EXPECT_EQ(kinds.size(), 9);
  EXPECT_EQ(objectives.size(), 3);
}

}  // namespace
}  // namespace albert::model
