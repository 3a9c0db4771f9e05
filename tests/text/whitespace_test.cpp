#include "text/whitespace.h"

#include <gtest/gtest.h>

namespace albert::text {
namespace {

TEST(LineJoin, WordsAreJoinedByASpace) {
  EXPECT_EQ(joint("a wrapped", "line"), " ");
  EXPECT_EQ(joint("Straße", "über"), " ");
  EXPECT_EQ(joint("한국어", "문장"), " ");  // Korean has spaces
  EXPECT_EQ(joint("end.", "“Next"), " ");
  EXPECT_EQ(joint("end.”", "“Next"), " ");
  EXPECT_EQ(joint("有", "and"), " ");
}

TEST(LineJoin, NothingAfterAHyphenOrDashThatEndsAWord) {
  EXPECT_EQ(joint("self-", "made"), "");
  EXPECT_EQ(joint("he said--", "but"), "");
  EXPECT_EQ(joint("he said—", "but"), "");
  EXPECT_EQ(joint("he said -", "but"), " ");
  EXPECT_EQ(joint("-", "item"), " ");
}

TEST(LineJoin, NothingInScriptsWithoutSpaces) {
  EXPECT_EQ(joint("今天", "下雨"), "");
  EXPECT_EQ(joint("下雨。", "他说"), "");
  EXPECT_EQ(joint("下雨。", "“好"), "");
  EXPECT_EQ(joint("好。”", "他说"), "");
  EXPECT_EQ(joint("これは", "テスト"), "");
  EXPECT_EQ(joint("ภาษา", "ไทย"), "");
}

}  // namespace
}  // namespace albert::text
