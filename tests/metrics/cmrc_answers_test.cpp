#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "metrics/answers.h"
#include "metrics/penn_words.h"

namespace albert::metrics {
namespace {

using ::testing::ElementsAre;
using Answers = std::vector<std::string>;

TEST(CmrcScore, ChineseIsCutByCharacterOthersByWord) {
  const Answers of_seven = {" 于1998年出版《Final Fantasy》。"};
  EXPECT_DOUBLE_EQ(cmrc_score("于", of_seven).f1, 2.0 / 8);
  EXPECT_DOUBLE_EQ(cmrc_score("final fantasy", of_seven).f1, 4.0 / 9);
  EXPECT_DOUBLE_EQ(cmrc_score("(人", Answers{"50(人)"}).f1, 4.0 / 6);
  EXPECT_EQ(cmrc_score("，。", Answers{"，。"}).f1, 0);
}

TEST(CmrcScore, ACharacterOutsideOfTheScriptsRangeBelongsToAWord) {
  EXPECT_EQ(cmrc_score("x", Answers{"㐀x"}).f1, 0);  // an ideograph of extension A
}

TEST(CmrcScore, F1OfTheLongestCommonRun) {
  // Common runs of "甲乙丙丁" and "乙丙甲丁": 乙丙, of 4 and 4 segments.
  EXPECT_DOUBLE_EQ(cmrc_score("乙丙甲丁", Answers{"甲乙丙丁"}).f1, 0.5);
  EXPECT_DOUBLE_EQ(cmrc_score("乙丙", Answers{"丁", "甲乙丙丁"}).f1, 2 * 1 * 0.5 / 1.5);
  EXPECT_EQ(cmrc_score("戊", Answers{"甲乙丙丁"}).f1, 0);
}

TEST(CmrcScore, PunctuationOfTheListDoesNotCount) {
  EXPECT_EQ(cmrc_score("“甲”，乙", Answers{"甲乙"}).exact_match, 1);
  EXPECT_EQ(cmrc_score("甲,乙", Answers{"甲乙"}).exact_match, 0);  // a Western comma is not on it
  EXPECT_EQ(cmrc_score("ABC", Answers{"abc"}).exact_match, 1);
}

TEST(CmrcScore, NothingAgainstNothingIsEqualButHasNoCommonRun) {
  EXPECT_EQ(cmrc_score("。", Answers{"，"}).exact_match, 1);
  EXPECT_EQ(cmrc_score("。", Answers{"，"}).f1, 0);
}

TEST(PennWords, PunctuationStandsApart) {
  EXPECT_THAT(penn_words("stop! (really?) 3,000 people, at least."),
              ElementsAre("stop", "!", "(", "really", "?", ")", "3,000", "people", ",", "at", "least", "."));
  EXPECT_THAT(penn_words("the u.s. army ..."), ElementsAre("the", "u.s.", "army", "..."));
}

TEST(PennWords, Contractions) {
  EXPECT_THAT(penn_words("they don't; it's john's, we'll"),
              ElementsAre("they", "do", "n't", ";", "it", "'s", "john", "'s", ",", "we", "'ll"));
  EXPECT_THAT(penn_words("cannot gonna more'n"), ElementsAre("can", "not", "gon", "na", "more", "'n"));
}

TEST(PennWords, Quotes) {
  EXPECT_THAT(penn_words(R"("so" he said "no")"), ElementsAre("``", "so", "''", "he", "said", "``", "no", "''"));
}

}  // namespace
}  // namespace albert::metrics
