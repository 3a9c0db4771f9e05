#include "corpus/store/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "corpus/store/statistics.h"

namespace albert::corpus {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Summary, ListsTheCharactersThatTheVocabularyLacks) {
  Manifest manifest;
  EXPECT_THAT(summary_text(manifest), Not(HasSubstr("it lacks")));
  manifest.unknown_characters = {{"—", 1200}, {"“", 7}, {"\x01", 9}};
  EXPECT_THAT(summary_text(manifest), HasSubstr("it lacks   1,200 — (U+2014), 9 U+0001, 7 “ (U+201C)\n"));
  EXPECT_THAT(summary_json(manifest), AllOf(HasSubstr("\"—\": 1200"), HasSubstr("\"\\u0001\": 9")));
  for (char c = 'a'; c <= 'z'; ++c) manifest.unknown_characters[std::string(1, c)] = 1;
  EXPECT_THAT(summary_text(manifest),
              AllOf(HasSubstr("1 a (U+0061)"), HasSubstr("and rarer ones"), Not(HasSubstr("1 z"))));
}

TEST(Summary, OneThingIsNoPlural) {
  Manifest manifest;
  manifest.statistics = {{statistic::kEmptyFiles, 1}, {statistic::kSkippedLines, 1200}};
  EXPECT_THAT(summary_text(manifest), HasSubstr("repaired   1,200 lines skipped, 1 empty file\n"));
}

}  // namespace
}  // namespace albert::corpus
