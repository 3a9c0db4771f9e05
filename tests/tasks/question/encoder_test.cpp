#include "tasks/question/encoder.h"

#include <algorithm>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_tokenizer.h"

namespace albert::tasks {
namespace {

using ::testing::ElementsAre;

// Ten tokens, 10 to 19, two bytes each with a space between.
const std::string kContext = "10 11 12 13 14 15 16 17 18 19";

/// A tokenizer that counts the texts whose places it gives.
class CountingTokenizer : public testing::FakeTokenizer {
 public:
  std::vector<text::Piece> encode_with_offsets(std::string_view text, text::SpecialTokens special) const override {
    num_words_ += static_cast<int>(std::ranges::count(text, ' ')) + 1;
    return FakeTokenizer::encode_with_offsets(text, special);
  }
  int num_words() const { return num_words_; }

 private:
  mutable int num_words_ = 0;
};

class QuestionEncoderTest : public ::testing::Test {
 protected:
  /// An encoder to sequences of up to 10 tokens: with a question of one token there are 6 of the context.
  QuestionEncoder make_encoder() {
    settings_.max_question_length = 4;
    settings_.stride = 3;
    return {tokenizer_, settings_, 10};
  }
  static Question question(const std::string& text, const std::string& context) {
    return {.id = {}, .text = text, .context = std::make_shared<const std::string>(context)};
  }
  static Question labelled(std::vector<GoldAnswer> answers) {
    Question result = question("50", kContext);
    result.is_labelled = true;
    result.answers = std::move(answers);
    return result;
  }
  static GoldAnswer gold(const std::string& text) { return {text, kContext.find(text)}; }

  std::vector<model::Item> encode(const Question& question, Purpose purpose) {
    return make_encoder().encode(question, purpose).value().items;
  }

  CountingTokenizer tokenizer_;
  QuestionSettings settings_;
};

TEST_F(QuestionEncoderTest, WindowsHoldQuestionAndPartOfTheContext) {
  const auto items = encode(question(" 50 ", kContext), Purpose::kPrediction);
  ASSERT_EQ(items.size(), 3U);
  EXPECT_THAT(items[0].sequences[0].token_ids, ElementsAre(2, 50, 3, 10, 11, 12, 13, 14, 15, 3));
  EXPECT_THAT(items[1].sequences[0].token_ids, ElementsAre(2, 50, 3, 13, 14, 15, 16, 17, 18, 3));
  EXPECT_THAT(items[2].sequences[0].token_ids, ElementsAre(2, 50, 3, 16, 17, 18, 19, 3));
  EXPECT_EQ(items[2].sequences[0].first_length, 3);
  EXPECT_TRUE(items[0].labels.empty());
}

TEST_F(QuestionEncoderTest, LongQuestionsAreCut) {
  QuestionEncoder encoder = make_encoder();
  const auto encoded = encoder.encode(question("50 51 52 53 54 55", "10"), Purpose::kPrediction);
  EXPECT_THAT(encoded->items[0].sequences[0].token_ids, ElementsAre(2, 50, 51, 52, 53, 3, 10, 3));
  EXPECT_EQ(encoder.num_truncated(), 1U);
}

TEST_F(QuestionEncoderTest, AContextWithoutTokensIsOneWindow) {
  const auto items = encode(question("50", "..."), Purpose::kPrediction);
  ASSERT_EQ(items.size(), 1U);
  EXPECT_THAT(items[0].sequences[0].token_ids, ElementsAre(2, 50, 3, 3));
}

TEST_F(QuestionEncoderTest, LabelsPointAtTheAnswerWhereAWindowHoldsAllOfIt) {
  for (const Purpose purpose : {Purpose::kTraining, Purpose::kPrediction}) {
    const auto items = encode(labelled({gold("15 16")}), purpose);
    EXPECT_THAT(items[0].labels, ElementsAre(0, 0)) << "the window ends within the answer";
    EXPECT_THAT(items[1].labels, ElementsAre(5, 6));
    EXPECT_THAT(items[2].labels, ElementsAre(0, 0)) << "the window begins within the answer";
  }
}

TEST_F(QuestionEncoderTest, LabelsOfTheJointHeadSayWhetherThereIsAnAnswer) {
  settings_.no_answer = settings_.joint_head = true;
  const auto with_answer = encode(labelled({gold("10")}), Purpose::kTraining);
  EXPECT_THAT(with_answer[0].labels, ElementsAre(3, 3, 1));
  EXPECT_THAT(with_answer[1].labels, ElementsAre(0, 0, 0));
  EXPECT_THAT(encode(labelled({}), Purpose::kTraining)[0].labels, ElementsAre(0, 0, 0));
  EXPECT_TRUE(encode(labelled({gold("10")}), Purpose::kPrediction)[0].labels.empty()) << "its scores depend on them";
}

TEST_F(QuestionEncoderTest, OnlyWhatIsKnownIsALabel) {
  EXPECT_TRUE(encode(labelled({}), Purpose::kPrediction)[0].labels.empty()) << "there is an answer, but which?";
  settings_.no_answer = true;
  EXPECT_THAT(encode(labelled({}), Purpose::kPrediction)[0].labels, ElementsAre(0, 0));
}

TEST_F(QuestionEncoderTest, TheFirstAnswerWithAPlaceIsTheTarget) {
  const Question placed = labelled({{"99", std::nullopt}, {" ", 2}, {"11", 3}});
  EXPECT_THAT(encode(placed, Purpose::kTraining)[0].labels, ElementsAre(4, 4));
  const Question nowhere = labelled({{"99", std::nullopt}, {" ", 2}});
  EXPECT_FALSE(make_encoder().encode(nowhere, Purpose::kTraining));
  EXPECT_TRUE(encode(nowhere, Purpose::kPrediction)[0].labels.empty());
}

TEST_F(QuestionEncoderTest, AContextIsEncodedOnceAndForgottenWithItsQuestions) {
  QuestionEncoder encoder = make_encoder();
  const Question first = question("50", "10 11");
  const Question other = question("51", "12");
  const auto encode = [&](const Question& asked) {
    const int before = tokenizer_.num_words();
    auto encoded = encoder.encode(asked, Purpose::kPrediction);
    return std::pair(std::move(encoded->trace), tokenizer_.num_words() - before);
  };
  const auto [trace, num_words] = encode(first);
  EXPECT_EQ(num_words, 3) << "two of the context, one of the question";
  const auto other_trace = encode(other).first;
  const auto [second_trace, num_new] = encode(first);
  EXPECT_EQ(num_new, 1) << "the question alone";
  EXPECT_EQ(second_trace.context, trace.context);
  EXPECT_EQ(encoder.num_contexts(), 2U);
  std::weak_ptr<const std::string> text;
  for (int i = 0; i < 1000; ++i) {
    const Question asked = question("50", kContext);
    EXPECT_EQ(encode(asked).second, 11) << "a text at the same address is another one";
    text = asked.context;
    EXPECT_EQ(text.use_count(), 1) << "the encoder does not keep it";
  }
  EXPECT_EQ(encode(first).second, 1) << "it still has traces";
}

}  // namespace
}  // namespace albert::tasks
