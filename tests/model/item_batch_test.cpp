#include "model/item_batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"

namespace albert::model {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::int64_t> list(const at::Tensor& tensor) {
  const at::Tensor values = tensor.to(at::kLong).contiguous();
  return {values.const_data_ptr<std::int64_t>(), values.const_data_ptr<std::int64_t>() + values.numel()};
}

ItemBatch pack(const std::vector<Item>& items, HeadKind kind, std::int64_t first_number = 0) {
  std::vector<const Item*> pointers;
  for (const Item& item : items) pointers.push_back(&item);
  return pack_items(pointers, kind, first_number);
}

std::string refusal(const std::vector<Item>& items, HeadKind kind) {
  return albert::testing::refusal<InternalError>([&] { pack(items, kind); });
}

Item text(std::vector<std::int32_t> token_ids, std::int32_t first_length) {
  return {.sequences = {{std::move(token_ids), first_length}}, .positions = {}, .labels = {}, .values = {}};
}

TEST(PackItems, LaysTheSequencesOfAllItemsEndToEnd) {
  Item first = text({2, 10, 3, 11, 3}, 3), second = text({2, 12, 3}, 3);
  first.sequences.push_back({{2, 13, 14, 3}, 4});
  first.labels = {1};
  second.labels = {0};
  const ItemBatch batch = pack({first, second}, HeadKind::kMultipleChoice, 7);
  EXPECT_THAT(list(batch.sequences.token_ids), ElementsAre(2, 10, 3, 11, 3, 2, 13, 14, 3, 2, 12, 3));
  EXPECT_THAT(list(batch.sequences.segment_ids), ElementsAre(0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0));
  EXPECT_THAT(batch.sequences.offsets, ElementsAre(0, 5, 9, 12));
  EXPECT_THAT(batch.sequences.sequence_numbers, ElementsAre(7, 8, 9));
  EXPECT_THAT(batch.item_offsets, ElementsAre(0, 2, 3));
  EXPECT_EQ(batch.num_items(), 2);
  EXPECT_THAT(list(batch.read.rows), ElementsAre(0, 5, 9));
  EXPECT_THAT(list(batch.labels), ElementsAre(1, 0));
  EXPECT_FALSE(batch.values.defined());
  EXPECT_EQ(batch.num_targets, 2);
}

TEST(PackItems, ReadsThePositionsThatItemsNameOnceAndInTheirOrder) {
  Item first = text({2, 10, 11, 12, 3}, 5), second = text({2, 13, 3}, 3), third = text({2, 14, 3}, 3);
  first.positions = {3, 1};
  second.positions = {1, 1};
  third.positions = {2, 0};
  const ItemBatch pairs = pack({first, second, third}, HeadKind::kEntityPair);
  EXPECT_THAT(list(pairs.read.rows), ElementsAre(1, 3, 6, 8, 10));
  EXPECT_THAT(pairs.read.offsets, ElementsAre(0, 2, 3, 5));
  EXPECT_THAT(list(pairs.asked_in_read), ElementsAre(1, 0, 2, 2, 4, 3));
  EXPECT_THAT(pairs.asked_offsets, ElementsAre(0, 2, 4, 6));
  EXPECT_FALSE(pairs.reads_all_rows);
  EXPECT_FALSE(pairs.labels.defined());
}

TEST(PackItems, AnItemMayAskForNothing) {
  Item tagged = text({2, 10, 11, 3}, 4);
  const Item empty = text({2, 12, 3}, 3);
  tagged.positions = {1, 2};
  tagged.labels = {4, 0};
  const ItemBatch batch = pack({empty, tagged, empty}, HeadKind::kTokenClassification);
  EXPECT_THAT(list(batch.read.rows), ElementsAre(4, 5));
  EXPECT_THAT(batch.asked_offsets, ElementsAre(0, 0, 2, 2));
  EXPECT_EQ(batch.num_targets, 2);
  EXPECT_EQ(pack({empty}, HeadKind::kTokenClassification).asked_in_read.numel(), 0);
}

TEST(PackItems, KnowsWhichHeadsReadAllRows) {
  for (const HeadKind kind : {HeadKind::kQuestionAnswering, HeadKind::kJointQuestionAnswering, HeadKind::kEmbedding}) {
    EXPECT_TRUE(pack({text({2, 10, 3, 11, 3}, 3)}, kind).reads_all_rows);
  }
  EXPECT_FALSE(pack({text({2, 10, 3}, 3)}, HeadKind::kRegression).reads_all_rows);
}

TEST(CountTargets, AreWhatTransformersAveragesOver) {
  Item item = text({2, 10, 11, 3}, 4);
  item.positions = {1, 2};
  item.labels = {3, 3};
  item.values = {0, 1, 1};
  EXPECT_EQ(count_targets(item, HeadKind::kTokenClassification), 2);
  EXPECT_EQ(count_targets(item, HeadKind::kMultilabel), 3);
  EXPECT_EQ(count_targets(item, HeadKind::kQuestionAnswering), 1);
  EXPECT_EQ(count_targets(item, HeadKind::kRegression), 1);
}

TEST(TargetWeight, IsThatOfTheClasses) {
  Item item = text({2, 10, 11, 3}, 4);
  item.labels = {2, 0, 2};
  item.values = {0, 1, 1};
  const LossConfig loss{.class_weights = {0.5, 1, 2}};
  EXPECT_EQ(target_weight(item, HeadKind::kTokenClassification, loss), 4.5);
  EXPECT_EQ(target_weight(item, HeadKind::kTokenClassification, {.label_smoothing = 0.1}), 3);
  EXPECT_EQ(target_weight(item, HeadKind::kMultilabel, loss), 3);
}

TEST(PackItems, RefusesWhatDoesNotFitTheHead) {
  Item item = text({2, 10, 3}, 3);
  EXPECT_THAT(refusal({}, HeadKind::kClassification), HasSubstr("at least one item"));
  EXPECT_THAT(refusal({Item()}, HeadKind::kClassification), HasSubstr("does not take 0 sequences"));
  EXPECT_THAT(refusal({text({2, 10, 3}, 4)}, HeadKind::kClassification), HasSubstr("4 of a sequence's 3 tokens"));
  item.sequences.push_back(item.sequences[0]);
  EXPECT_THAT(refusal({item}, HeadKind::kClassification), HasSubstr("does not take 2 sequences"));
  EXPECT_THAT(refusal({item, text({2, 10, 3}, 3)}, HeadKind::kEmbedding), HasSubstr("has 1 texts, the first one 2"));
  item.labels = {2};
  EXPECT_THAT(refusal({item}, HeadKind::kMultipleChoice), HasSubstr("names a place that it does not have"));

  Item labelled = text({2, 10, 3}, 3);
  labelled.labels = {0};
  EXPECT_THAT(refusal({labelled, text({2, 10, 3}, 3)}, HeadKind::kClassification),
              HasSubstr("1 of the batch's 2 items"));
  EXPECT_THAT(refusal({labelled}, HeadKind::kQuestionAnswering),
              HasSubstr("takes 2 labels and 0 values, found 1 and 0"));
  labelled.labels = {0, 3};
  EXPECT_THAT(refusal({labelled}, HeadKind::kQuestionAnswering), HasSubstr("names a place"));
  labelled.labels = {0, 1, 2};
  EXPECT_THAT(refusal({labelled}, HeadKind::kJointQuestionAnswering), HasSubstr("names a place"));

  Item asking = text({2, 10, 3}, 3);
  asking.positions = {1};
  EXPECT_THAT(refusal({asking}, HeadKind::kEntityPair), HasSubstr("positions of two entities, found 1"));
  asking.positions = {3};
  EXPECT_THAT(refusal({asking}, HeadKind::kTokenClassification), HasSubstr("position 3 is outside its sequence of 3"));
}

}  // namespace
}  // namespace albert::model
