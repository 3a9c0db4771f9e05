#include "tasks/common/like_labels.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/log_capture.h"

namespace albert::tasks {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string warnings(const std::vector<std::string>& labels) {
  const testing::LogCapture log;
  warn_of_doubtful_labels(labels);
  return log.text();
}

TEST(LikeLabels, WhatMayBeMeantToBeOneIsNamedWithWhatDiffers) {
  EXPECT_THAT(warnings({"pos", "pos "}), HasSubstr("'pos' and 'pos ' are two classes that differ in white space only"));
  EXPECT_THAT(warnings({"caf\u00e9", "cafe\u0301"}), HasSubstr("differ in how accents are written"));
  EXPECT_THAT(warnings({"1", "\uff11"}), HasSubstr("differ in the form of a character"));
  EXPECT_THAT(warnings({"pos", "p\u200bos"}),
              AllOf(HasSubstr("'pos' and 'p\\u200bos'"), HasSubstr("differ in characters that nobody sees")));
  EXPECT_THAT(warnings({"\u00c4rger", "\u00e4rger"}), HasSubstr("differ in upper and lower case"));
  EXPECT_THAT(warnings({"1", "1.0", "true"}),
              AllOf(HasSubstr("'1' and '1.0' are two classes"), HasSubstr("'1' and 'true' are two classes")));
  EXPECT_THAT(warnings({"B-PER", "\u200eb-per "}), HasSubstr("differ in case, white space and the like"));
}

TEST(LikeLabels, APairIsNamedOnce) {
  const std::string text = warnings({"a", "a "});
  EXPECT_EQ(text.find("are two classes"), text.rfind("are two classes"));
}

TEST(LikeLabels, LabelsThatDifferInEarnestAreNotNamed) {
  EXPECT_THAT(warnings({"0", "1", "10", "a", "b", "\u00e4", "9007199254740993", "9007199254740992"}), IsEmpty());
}

TEST(LikeLabels, AWordOfTwoScriptsThatLookAlikeIsDoubted) {
  EXPECT_THAT(warnings({"pos", "p\u043es"}), HasSubstr("has letters of Cyrillic and Latin, which look alike"));
  EXPECT_THAT(warnings({"\u043f\u043b\u044e\u0441", "B-\u041f\u0415\u0420", "\u03b1-helix"}), IsEmpty())
      << "words of one script each";
}

TEST(LikeLabels, ALabelAsLongAsATextIsDoubted) {
  EXPECT_THAT(warnings({"a", std::string(401, 'x')}), HasSubstr("has 401 bytes; is it a label, and not a text?"));
  EXPECT_THAT(warnings({"a", std::string(400, 'x')}), Not(HasSubstr("bytes")));
}

}  // namespace
}  // namespace albert::tasks
