#include "corpus/examples/example_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_tokenizer.h"
#include "text/wordpiece_tokenizer.h"

namespace albert::corpus {
namespace {

using ::testing::HasSubstr;

// Of the FakeTokenizer's ids those that 3 divides go on with a word. 8 is hidden, 12 replaced by 10, 14 kept.
Example example() {
  return {.token_ids = {2, 7, 9, 4, 3, 10, 14, 11, 3},
          .segment_ids = {0, 0, 0, 0, 0, 1, 1, 1, 1},
          .masked_positions = {3, 5, 6},
          .labels = {8, 12, 14},
          .order_label = 1};
}

TEST(ExampleText, MarksWhatIsMasked) {
  const std::string text = example_text(example(), testing::FakeTokenizer(), PairObjective::kSentenceOrder);
  EXPECT_EQ(text,
            "9 tokens, 3 of them to predict\n"
            "label 1: the segments are swapped\n"
            "\n"
            "segment 0: [CLS] 79 [MASK=8] [SEP]\n"
            "segment 1:[10=12] [14=14] 11 [SEP]\n"
            "\n"
            "position  original          shown as\n"
            "       3  ▁8                [MASK]\n"
            "       5  12                ▁10\n"
            "       6  ▁14               ▁14\n");
}

TEST(ExampleText, PiecesOfWordPieceAreJoinedToTheWord) {
  const text::WordPieceTokenizer tokenizer(
      text::WordPieceVocabulary::parse("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhel\n##lo\n中\n", "vocab.txt"), {});
  const Example example{.token_ids = {2, 5, 6, 7, 4, 3},
                        .segment_ids = {0, 0, 0, 0, 0, 0},
                        .masked_positions = {4},
                        .labels = {6},
                        .order_label = 0};
  EXPECT_THAT(example_text(example, tokenizer, PairObjective::kNone),
              HasSubstr("segment 0: [CLS] hello 中[MASK=lo] [SEP]\n"));
}

TEST(ExampleText, SaysWhatTheLabelMeans) {
  const testing::FakeTokenizer tokenizer;
  EXPECT_THAT(example_text(example(), tokenizer, PairObjective::kNextSentence),
              HasSubstr("label 1: the second segment is from another"));
  EXPECT_THAT(example_text(example(), tokenizer, PairObjective::kNone), HasSubstr("no label"));
  Example in_order = example();
  in_order.order_label = 0;
  EXPECT_THAT(example_text(in_order, tokenizer, PairObjective::kSentenceOrder),
              HasSubstr("label 0: the second segment follows the first"));
}

TEST(ExampleText, JsonHasTheNamesOfTransformers) {
  EXPECT_EQ(example_json(example()),
            R"({"input_ids":[2,7,9,4,3,10,14,11,3],"token_type_ids":[0,0,0,0,0,1,1,1,1],"masked_positions":[3,5,6],)"
            "\"labels\":[8,12,14],\"order_label\":1}\n");
}

}  // namespace
}  // namespace albert::corpus
