#include "text/stripped_marks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "text/small_vocabulary.h"

namespace albert::text {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> losses(const std::vector<std::string>& lines) {
  return find_stripped_letters(lines, Normalizer({}, ""));
}

TEST(StrippedLetters, AreNamedWithAWord) {
  EXPECT_THAT(losses({"और यहाँ", "और वह"}), ElementsAre("Devanagari (यहाँ becomes यह)"));
  EXPECT_THAT(losses({"this is ที่นี่"}), ElementsAre("Thai (ที่นี่ becomes ทน)"));
  std::string sentence;  // as Thai is written, without spaces
  for (int i = 0; i < 20; ++i) sentence += "กขคที่นี่";
  EXPECT_THAT(losses({sentence}), ElementsAre("Thai (ที่นี่กขคที่นี่... becomes ทนกขคทน...)"));
  EXPECT_THAT(losses({"мой дом"}), ElementsAre("Cyrillic (мой becomes мои)"));
  EXPECT_THAT(losses({"かがく ガス"}), ElementsAre("Hiragana (かがく becomes かかく)", "Katakana (ガス becomes カス)"));
  EXPECT_THAT(losses({"một người Việt Nam ở đây"}), ElementsAre("Latin (một becomes mot)"));
}

TEST(StrippedLetters, AreNotTheAccentsOfMostTexts) {
  EXPECT_THAT(losses(testing::make_lines(50, 1)), IsEmpty());
  EXPECT_THAT(losses({"Er hörte später von der Größe der Städte, und die Frau sah zu", "中文 한국어 plain"}),
              IsEmpty());
  EXPECT_THAT(losses({std::string(5000, 'x') + " यहाँ"}), IsEmpty());
}

}  // namespace
}  // namespace albert::text
