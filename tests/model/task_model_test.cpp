// What must hold of every head for any weights: how items are laid out, split or computed changes nothing.
#include "model/task_model.h"

#include <utility>

#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/random.h"
#include "model/initialize.h"
#include "random_examples.h"

namespace albert::model {
namespace {

constexpr std::int64_t kNumLabels = 3;

double relative_error(const at::Tensor& found, const at::Tensor& expected) {
  return ((found - expected).norm() / expected.norm().clamp_min(1e-30)).item<double>();
}

/// Items of any kind of head with random content.
class RandomItems {
 public:
  RandomItems(HeadConfig head, const AlbertConfig& config) : head_(std::move(head)), config_(config) {
    for (const std::int64_t length : {9, 30, 5, 17, 25, 8}) items_.push_back(make(length));
  }

  ItemBatch batch(std::size_t begin, std::size_t count) const {
    std::vector<const Item*> pointers;
    std::int64_t first_number = 0;
    for (std::size_t i = 0; i < begin + count; ++i) {
      if (i < begin) first_number += static_cast<std::int64_t>(items_[i].sequences.size());
      if (i >= begin) pointers.push_back(&items_[i]);
    }
    return pack_items(pointers, head_.kind, first_number);
  }
  ItemBatch batch() const { return batch(0, items_.size()); }
  std::size_t size() const { return items_.size(); }
  std::vector<Item>& items() { return items_; }

 private:
  std::int64_t draw(std::int64_t below) { return random_.below(static_cast<std::uint32_t>(below)); }

  Sequence sequence(std::int64_t length) {
    Sequence sequence;
    for (std::int64_t i = 0; i < length; ++i) {
      sequence.token_ids.push_back(static_cast<std::int32_t>(5 + draw(config_.vocab_size - 5)));
    }
    sequence.first_length = static_cast<std::int32_t>(length / 2);
    return sequence;
  }

  Item make(std::int64_t length) {
    Item item;
    item.sequences.push_back(sequence(length));
    switch (head_.kind) {
      case HeadKind::kRegression:
        item.values = {static_cast<float>(draw(50)) / 10};
        break;
      case HeadKind::kMultilabel:
        for (std::int64_t c = 0; c < kNumLabels; ++c) item.values.push_back(static_cast<float>(draw(2)));
        break;
      case HeadKind::kTokenClassification:
        for (std::int32_t p = 1; p < length; p += 3) {
          item.positions.push_back(p);
          item.labels.push_back(draw(kNumLabels));
        }
        break;
      case HeadKind::kJointQuestionAnswering:
        item.labels = {length - 3, length - 2, draw(2)};
        break;
      case HeadKind::kQuestionAnswering:
        item.labels = {draw(length), draw(length)};
        break;
      case HeadKind::kMultipleChoice:
        item.sequences.push_back(sequence(length + 2));
        item.labels = {draw(2)};
        break;
      case HeadKind::kEntityPair:
        item.positions = {static_cast<std::int32_t>(length - 1), 2};
        item.labels = {draw(kNumLabels)};
        break;
      case HeadKind::kEmbedding:
        item.sequences.push_back(sequence(length + 2));
        if (head_.objective == EmbeddingObjective::kCosine) item.values = {static_cast<float>(draw(10)) / 10};
        if (head_.objective == EmbeddingObjective::kClassification) item.labels = {draw(kNumLabels)};
        break;
      case HeadKind::kClassification:
        item.labels = {draw(kNumLabels)};
        break;
    }
    return item;
  }

  HeadConfig head_;
  AlbertConfig config_;
  Random random_{7, 1};
  std::vector<Item> items_;
};

struct Case {
  std::string name;
  HeadConfig head;
};

std::vector<Case> all_heads() {
  std::vector<Case> cases = {{"classification", {.kind = HeadKind::kClassification}},
                             {"regression", {.kind = HeadKind::kRegression}},
                             {"multilabel", {.kind = HeadKind::kMultilabel}},
                             {"token_classification", {.kind = HeadKind::kTokenClassification}},
                             {"question_answering", {.kind = HeadKind::kQuestionAnswering}},
                             {"joint_question_answering", {.kind = HeadKind::kJointQuestionAnswering}},
                             {"multiple_choice", {.kind = HeadKind::kMultipleChoice}},
                             {"entity_pair", {.kind = HeadKind::kEntityPair}},
                             {"embedding_mean", {.kind = HeadKind::kEmbedding}},
                             {"embedding_first_token", {.kind = HeadKind::kEmbedding}}};
  for (Case& c : cases) c.head.num_labels = kNumLabels;
  cases.back().head.pooling = EmbeddingPooling::kFirstToken;
  cases.back().head.objective = EmbeddingObjective::kClassification;
  return cases;
}

class EveryHead : public ::testing::TestWithParam<Case> {
 protected:
  EveryHead() {
    at::set_num_threads(1);  // so little work that more threads only wait for one another
    make(Precision::kFloat32);
  }

  void make(Precision precision) {
    model_ = make_task_model(config_, GetParam().head, {.precision = precision});
    initialize(*model_, config_, 11);
  }

  struct Update {
    std::map<std::string, at::Tensor> gradients;
    double loss = 0;
  };
  /// The gradients of one update, in micro-batches of a size, by name; and what the losses add up to.
  Update update(std::size_t micro_batch_size, const Pass& pass) {
    Update result;
    model_->zero_grad();
    const auto num_targets = static_cast<double>(items_.batch().num_targets);
    for (std::size_t i = 0; i < items_.size(); i += micro_batch_size) {
      const ItemBatch batch = items_.batch(i, micro_batch_size);
      const at::Tensor loss = model_->loss_sum(model_->scores(batch, pass), batch) / num_targets;
      loss.backward();
      result.loss += loss.item<double>();
    }
    for (const auto& item : model_->named_parameters()) result.gradients[item.key()] = item.value().grad().clone();
    return result;
  }

  AlbertConfig config_ = small_config();
  std::shared_ptr<TaskModel> model_;
  RandomItems items_{GetParam().head, config_};
  const Pass training_{.training = true, .seed = 5, .step = 17};
};

TEST_P(EveryHead, AnItemAloneHasTheScoresOfTheItemInABatch) {
  const at::NoGradGuard no_gradients;
  const at::Tensor together = model_->scores(items_.batch(), training_).flatten();
  const std::vector<std::int64_t> offsets = model_->score_offsets(items_.batch());
  ASSERT_EQ(offsets.size(), items_.size() + 1);
  EXPECT_EQ(offsets.back(), together.numel());
  EXPECT_EQ(together.scalar_type(), at::kFloat);
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const at::Tensor alone = model_->scores(items_.batch(i, 1), training_).flatten();
    EXPECT_EQ(alone.numel(), offsets[i + 1] - offsets[i]);
    EXPECT_LT(relative_error(together.slice(0, offsets[i], offsets[i + 1]), alone), 1e-5) << i;
  }
}

TEST_P(EveryHead, MicroBatchesEqualTheLargeBatchUnderDropout) {
  const Update once = update(6, training_), in_two = update(3, training_), one_by_one = update(1, training_);
  for (const Update& split : {in_two, one_by_one}) {
    EXPECT_NEAR(split.loss, once.loss, 1e-5);
    for (const auto& [name, gradient] : once.gradients) {
      if (gradient.norm().item<double>() < 1e-6) continue;  // truly zero: both are rounding
      EXPECT_LT(relative_error(split.gradients.at(name), gradient), 1e-4) << name;
    }
  }
}

TEST_P(EveryHead, RecomputationAndRepetitionAreExact) {
  for (const Precision precision : {Precision::kFloat32, Precision::kBFloat16}) {
    make(precision);
    const Update plain = update(3, training_), again = update(3, training_);
    Pass recompute = training_;
    recompute.recompute = true;
    const Update recomputed = update(3, recompute);
    EXPECT_EQ(again.loss, plain.loss);
    EXPECT_EQ(recomputed.loss, plain.loss);
    for (const auto& [name, gradient] : plain.gradients) {
      EXPECT_TRUE(again.gradients.at(name).equal(gradient)) << name;
      EXPECT_TRUE(recomputed.gradients.at(name).equal(gradient)) << name;
    }
  }
}

TEST_P(EveryHead, BFloat16IsNear) {
  const at::NoGradGuard no_gradients;
  const at::Tensor exact = model_->scores(items_.batch(), {}).flatten();
  make(Precision::kBFloat16);
  const at::Tensor rounded = model_->scores(items_.batch(), {}).flatten();
  EXPECT_EQ(rounded.scalar_type(), at::kFloat);
  // Places where no answer can be have a score of -1e30 in both.
  const at::Tensor possible = exact.gt(-1e29);
  EXPECT_LT(relative_error(rounded.masked_select(possible), exact.masked_select(possible)), 0.05);
  EXPECT_FALSE(rounded.equal(exact));
}

TEST_P(EveryHead, EveryParameterLearnsAndIsInitialised) {
  const Update once = update(6, training_);
  EXPECT_EQ(once.gradients.size(), model_->named_parameters().size());
  for (const auto& item : model_->named_parameters()) {
    const at::Tensor& value = item.value();
    if (item.key().ends_with("bias")) {
      EXPECT_EQ(value.abs().max().item<float>(), 0) << item.key();
    } else if (value.dim() == 2) {
      EXPECT_GT(value.abs().max().item<float>(), 0) << item.key();
      EXPECT_LE(value.abs().max().item<double>(), 2 * config_.initializer_range + 1e-6) << item.key();
    } else {
      EXPECT_TRUE(value.eq(1).all().item<bool>()) << item.key();
    }
  }
}

TEST_P(EveryHead, ALossNeedsToKnowWhatIsRight) {
  for (Item& item : items_.items()) {
    item.labels.clear();
    item.values.clear();
  }
  const ItemBatch batch = items_.batch();
  const at::Tensor scores = model_->scores(batch, {});
  EXPECT_THROW(model_->loss_sum(scores, batch), InternalError);
}

INSTANTIATE_TEST_SUITE_P(Heads, EveryHead, ::testing::ValuesIn(all_heads()),
                         [](const auto& parameter) { return parameter.param.name; });

TEST(TaskModel, ParameterNamesAreHuggingFaces) {
  const auto names_outside_encoder = [](HeadKind kind) {
    std::vector<std::string> names;
    const auto model = make_task_model(small_config(), {.kind = kind}, {});
    for (const auto& item : model->named_parameters()) {
      if (!item.key().starts_with("albert.e")) names.push_back(item.key());
    }
    return names;
  };
  using ::testing::UnorderedElementsAre;
  for (const HeadKind kind :
       {HeadKind::kClassification, HeadKind::kRegression, HeadKind::kMultilabel, HeadKind::kMultipleChoice}) {
    EXPECT_THAT(names_outside_encoder(kind), UnorderedElementsAre("albert.pooler.weight", "albert.pooler.bias",
                                                                  "classifier.weight", "classifier.bias"));
  }
  EXPECT_THAT(names_outside_encoder(HeadKind::kTokenClassification),
              UnorderedElementsAre("classifier.weight", "classifier.bias"));
  EXPECT_THAT(names_outside_encoder(HeadKind::kQuestionAnswering),
              UnorderedElementsAre("qa_outputs.weight", "qa_outputs.bias"));
  EXPECT_THAT(names_outside_encoder(HeadKind::kEmbedding), UnorderedElementsAre());
}

TEST(TaskModel, AnAnswerLiesInTheSecondSegmentOrNowhere) {
  const at::NoGradGuard no_gradients;
  const AlbertConfig config = small_config();
  const auto model = make_task_model(config, {.kind = HeadKind::kJointQuestionAnswering, .num_starts = 3}, {});
  initialize(*model, config, 1);
  const Item item{.sequences = {{{2, 10, 11, 3, 12, 13, 3}, 4}}, .positions = {}, .labels = {}, .values = {}};
  const std::vector<const Item*> items = {&item};
  const at::Tensor scores = model->scores(pack_items(items, HeadKind::kJointQuestionAnswering), {});
  ASSERT_EQ(scores.numel(), (1 + 3) * 7 + 1);
  const at::Tensor rows = scores.slice(0, 0, 28).view({4, 7});
  for (std::int64_t row = 0; row < 4; ++row) {
    for (std::int64_t token = 0; token < 7; ++token) {
      const bool may_answer = token == 0 || token == 4 || token == 5;
      EXPECT_EQ(rows[row][token].item<float>() > -1e29F, may_answer) << row << ' ' << token;
    }
  }
}

TEST(TaskModel, VectorsOfTextsHaveLengthOne) {
  const at::NoGradGuard no_gradients;
  const AlbertConfig config = small_config();
  const HeadConfig head{.kind = HeadKind::kEmbedding};
  const auto model = make_task_model(config, head, {});
  initialize(*model, config, 1);
  const RandomItems items(head, config);
  const at::Tensor vectors = model->scores(items.batch(), {});
  EXPECT_THAT(vectors.sizes().vec(), ::testing::ElementsAre(12, config.hidden_size));
  EXPECT_LT((vectors.norm(2, {1}) - 1).abs().max().item<float>(), 1e-6);
}

}  // namespace
}  // namespace albert::model
