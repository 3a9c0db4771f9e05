#include "text/new_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "text/small_vocabulary.h"
#include "text/vocabulary_change.h"
#include "text/wordpiece_tokenizer.h"

namespace albert::text {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::small_vocabulary;

WordPieceTokenizer wordpiece() {
  return {WordPieceVocabulary::parse("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##b\nc\n##d\n.\n", "vocab.txt"), {}};
}

TEST(NewWords, AreNormalisedAndEachOnce) {
  const albert::testing::TemporaryFolder folder;
  albert::testing::write_file(folder / "words", "\xef\xbb\xbf  ABB \r\n\nabb\rc\ncdd");
  const NewWords read = read_new_words(folder / "words", wordpiece());
  EXPECT_THAT(read.words, ElementsAre("abb", "cdd"));
  EXPECT_THAT(read.known, ElementsAre("abb", "c"));
  EXPECT_THAT(read_new_words(folder / "words", *small_vocabulary()).words,
              ElementsAre("\u2581abb", "\u2581c", "\u2581cdd"));
}

TEST(NewWords, EveryLineThatIsNoneIsNamed) {
  const albert::testing::TemporaryFolder folder;
  albert::testing::write_file(folder / "words", "abb\nab cd\na.b\n[MASK]\n\xff\n" + std::string(101, 'a'));
  const auto refusal = albert::testing::refusal<DataError>([&] { read_new_words(folder / "words", wordpiece()); });
  EXPECT_THAT(refusal, HasSubstr("5 lines to change"));
  EXPECT_THAT(refusal, HasSubstr("line 2: 'ab cd' is 2 words to the tokenizer ('ab', 'cd'); expected one"));
  EXPECT_THAT(refusal, HasSubstr("line 3: 'a.b' is 3 words"));
  EXPECT_THAT(refusal, HasSubstr("line 4: '[MASK]' holds the special token [MASK]"));
  EXPECT_THAT(refusal, HasSubstr("line 5: byte 1 (0xff) is not valid UTF-8"));
  EXPECT_THAT(refusal, HasSubstr("has more than the 100 characters"));
}

TEST(WordCounts, TheBestSaveTheMostTokens) {
  const auto tokenizer = wordpiece();
  WordCounts counts(tokenizer);
  counts.add("abbb abbb. cd cd cd cdb a a a a");  // 4 + 5 + 6 + 3 + 4
  counts.add("cd abdbdbdbd");                     // 2 + 9; the long word is seen once
  EXPECT_EQ(counts.num_tokens(), 33U);
  EXPECT_THAT(counts.best(10), ElementsAre("abbb", "cd"));  // 2 x 3 and 4 x 1
  EXPECT_THAT(counts.best(1), ElementsAre("abbb"));
  const auto change = extend_vocabulary(tokenizer, counts.best(10));
  EXPECT_EQ(counts.num_tokens_with(*change.tokenizer), 33U - 6 - 4 - 1);  // "cd" begins "cdb", too
}

TEST(WordCounts, OfManyWordsTheRarerHalfIsForgotten) {
  const auto tokenizer = wordpiece();
  WordCounts counts(tokenizer, 4);
  for (int i = 0; i < 3; ++i) counts.add("abbb abbb abbb cd cd");
  EXPECT_EQ(counts.num_words(), 2U);
  // Each occurs twice, so that none is rare by itself.
  for (const char* other : {"abd", "abdd", "abddd", "abdddd", "abddddd", "abdddddd"}) {
    counts.add(std::string(other) + " " + other);
    EXPECT_LE(counts.num_words(), 4U);
  }
  EXPECT_THAT(counts.best(2), ElementsAre("abbb", "cd"));
  EXPECT_EQ(counts.num_tokens(), 3U * (12 + 4) + 2 * (3 + 4 + 5 + 6 + 7 + 8));  // also of those that are forgotten
}

TEST(WordCounts, SignsAroundAWordOfSentencePieceAreNoPartOfIt) {
  WordCounts counts(*small_vocabulary());
  counts.add("Bakiwozan, bakiwozan. bakiwozan (bakiwozan 77777, 77777,");
  EXPECT_THAT(counts.best(2), ElementsAre("\u2581bakiwozan", "\u258177777"));
}

}  // namespace
}  // namespace albert::text
