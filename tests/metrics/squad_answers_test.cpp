#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "metrics/answers.h"

namespace albert::metrics {
namespace {

using Answers = std::vector<std::string>;

/// Whether the script takes two answers for the same.
bool are_equal(const std::string& one, const std::string& other) {
  return squad1_score(one, Answers{other}).exact_match == 1;
}

TEST(SquadAnswers, CasePunctuationArticlesAndSpacesMakeNoDifference) {
  EXPECT_TRUE(are_equal("The  Norman\tConquest, of (a) ENGLAND!", "norman conquest of england"));
  EXPECT_TRUE(are_equal("Saint-Étienne's", "saintétiennes"));
  EXPECT_TRUE(are_equal("a an the", ""));
}

TEST(SquadAnswers, ArticlesAreWholeWordsBetweenOtherCharacters) {
  EXPECT_FALSE(are_equal("theatre a1 banana", "theatre banana"));
  EXPECT_TRUE(are_equal("the\u2013x", "\u2013x"));  // an en dash is no ASCII punctuation, and no word
  EXPECT_TRUE(are_equal("x\u2013the\u2013y", "x\u2013 \u2013y"));
  EXPECT_FALSE(are_equal("a\u00b2 b", "\u00b2 b"));  // a superscript two counts as a character of a word
  EXPECT_TRUE(are_equal("a-b", "ab"));               // punctuation is gone before articles are looked for
}

TEST(SquadAnswers, WhiteSpaceIsPythons) {
  EXPECT_TRUE(
      are_equal("one\u00a0two\u3000three\x1c"
                "four",
                "one two three four"));
}

TEST(Squad1Score, BestOverTheGoldAnswersEachApart) {
  const AnswerScore score = squad1_score("in the year 1066", Answers{"1066", "year of 1066"});
  EXPECT_EQ(score.exact_match, 0);
  EXPECT_DOUBLE_EQ(score.f1, 2.0 / 3);  // 2 of 3 words, twice
}

TEST(Squad1Score, WordsCountAsOftenAsTheyOccur) {
  EXPECT_DOUBLE_EQ(squad1_score("no no no", Answers{"no no yes"}).f1, 2.0 / 3);
}

TEST(Squad1Score, NothingLeftOfBothIsEqualButHasNoCommonWord) {
  const AnswerScore score = squad1_score("the", Answers{"a"});
  EXPECT_EQ(score.exact_match, 1);
  EXPECT_EQ(score.f1, 0);
}

TEST(Squad2Score, NoAnswerIsRightWhereThereIsNone) {
  EXPECT_EQ(squad2_score("", Answers{}).f1, 1);
  EXPECT_EQ(squad2_score("", Answers{}).exact_match, 1);
  EXPECT_EQ(squad2_score("the", Answers{}).exact_match, 1);  // of which nothing is left
  EXPECT_EQ(squad2_score("1066", Answers{}).f1, 0);
  EXPECT_EQ(squad2_score("", Answers{"1066"}).f1, 0);
}

TEST(Squad2Score, GoldAnswersWithoutWordsDoNotCount) {
  EXPECT_EQ(squad2_score("", Answers{"the", "1066"}).exact_match, 0);
  EXPECT_EQ(squad2_score("", Answers{"the"}).exact_match, 1);
}

}  // namespace
}  // namespace albert::metrics
