#include "model/pack.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace albert::model {
namespace {

using ::testing::ElementsAre;
using Ids = std::vector<std::int32_t>;

std::vector<std::int64_t> values(const at::Tensor& tensor) {
  return {tensor.const_data_ptr<std::int64_t>(), tensor.const_data_ptr<std::int64_t>() + tensor.numel()};
}

TEST(Pack, LaysSequencesEndToEnd) {
  const Ids first{2, 10, 3}, second{2, 3}, segments{0, 1, 1};
  const PackedBatch batch = pack(std::vector<SequenceView>{{first, segments}, {second, {}}}, 40);
  EXPECT_THAT(values(batch.token_ids), ElementsAre(2, 10, 3, 2, 3));
  EXPECT_THAT(values(batch.segment_ids), ElementsAre(0, 1, 1, 0, 0));
  EXPECT_THAT(values(batch.positions), ElementsAre(0, 1, 2, 0, 1));
  EXPECT_THAT(batch.offsets, ElementsAre(0, 3, 5));
  EXPECT_THAT(batch.sequence_numbers, ElementsAre(40, 41));
  EXPECT_THAT(values(batch.row_numbers), ElementsAre(dropout_row(40, 0), dropout_row(40, 1), dropout_row(40, 2),
                                                     dropout_row(41, 0), dropout_row(41, 1)));
  EXPECT_EQ(batch.num_sequences(), 2);
  EXPECT_EQ(batch.num_tokens(), 5);
  EXPECT_EQ(batch.max_token_id, 10);
  EXPECT_EQ(batch.max_segment_id, 1);
  EXPECT_EQ(batch.max_length, 3);
}

TEST(Pack, PretrainingSelectsTheRowsThatHeadsRead) {
  const Ids first{2, 4, 11, 4, 3}, second{4, 3}, third{2, 12, 3}, masked_first{1, 3}, labels_first{20, 21},
      masked_second{0}, labels_second{22};
  const PretrainingBatch batch =
      pack_pretraining(std::vector<PretrainingView>{{{first, {}}, masked_first, labels_first, 0},
                                                    {{second, {}}, masked_second, labels_second, 1},
                                                    {{third, {}}, {}, {}, 1}});
  EXPECT_THAT(values(batch.labels), ElementsAre(20, 21, 22));
  EXPECT_THAT(values(batch.order_labels), ElementsAre(0, 1, 1));
  EXPECT_THAT(values(batch.read.rows), ElementsAre(0, 1, 3, 5, 7))
      << "the masked first row of the second is there once";
  EXPECT_THAT(batch.read.offsets, ElementsAre(0, 3, 4, 5));
  EXPECT_THAT(values(batch.masked_in_read), ElementsAre(1, 2, 3));
  EXPECT_THAT(values(batch.read.rows.index_select(0, batch.masked_in_read)), ElementsAre(1, 3, 5));
  EXPECT_TRUE(batch.read.row_numbers.equal(batch.sequences.row_numbers.index_select(0, batch.read.rows)));
}

TEST(Pack, FirstRowsAreThoseOfTheSequences) {
  const Ids ids{2, 10, 3};
  const PackedBatch batch = pack(std::vector<SequenceView>{{ids, {}}, {ids, {}}});
  const RowSelection selection = select_first_rows(batch);
  EXPECT_THAT(values(selection.rows), ElementsAre(0, 3));
  EXPECT_THAT(selection.offsets, ElementsAre(0, 1, 2));
}

TEST(Pack, WithoutOrderLabelsThereIsNoSuchTensor) {
  const Ids ids{2, 10, 3}, masked{1}, labels{7};
  EXPECT_FALSE(pack_pretraining(std::vector<PretrainingView>{{{ids, {}}, masked, labels}}).order_labels.defined());
}

TEST(Pack, RefusesArraysThatDoNotFit) {
  const Ids ids{2, 10, 3}, one{1}, two{1, 2}, descending{2, 1}, beyond{3}, negative{-1, 2, 3};
  const auto sequences = [](SequenceView view) { return std::vector<SequenceView>{view}; };
  EXPECT_THROW(pack(std::vector<SequenceView>{}), InternalError);
  EXPECT_THROW(pack(sequences({{}, {}})), InternalError);
  EXPECT_THROW(pack(sequences({ids, two})), InternalError);
  EXPECT_THROW(pack(sequences({negative, {}})), InternalError);
  const auto examples = [](PretrainingView view) { return std::vector<PretrainingView>{view}; };
  EXPECT_THROW(pack_pretraining(examples({{ids, {}}, one, two})), InternalError);
  EXPECT_THROW(pack_pretraining(examples({{ids, {}}, descending, two})), InternalError);
  EXPECT_THROW(pack_pretraining(examples({{ids, {}}, beyond, one})), InternalError);
  EXPECT_THROW(pack_pretraining(std::vector<PretrainingView>{{{ids, {}}, one, one, 0}, {{ids, {}}, one, one, -1}}),
               InternalError);
}

}  // namespace
}  // namespace albert::model
