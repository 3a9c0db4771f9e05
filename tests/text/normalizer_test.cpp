#include "text/normalizer.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "support/temporary_folder.h"
#include "text/sentencepiece_model.h"
#include "text/small_vocabulary.h"

namespace albert::text {
namespace {

/// SentencePiece's nmt_nfkc map, as every trained vocabulary has it.
const std::string& charsmap() {
  static const std::string kMap = [] {
    const albert::testing::TemporaryFolder folder;
    testing::small_vocabulary()->save(folder.path());
    return SentencePieceModel::parse_charsmap(read_file(folder / "spiece.model"));
  }();
  return kMap;
}

std::string normalize(std::string_view text, const TokenizerSettings& settings = {}) {
  NormalizedText result;
  Normalizer(settings, charsmap()).normalize(text, result);
  return result.text;
}

constexpr TokenizerSettings kCased{.do_lower_case = false, .keep_accents = false};
constexpr TokenizerSettings kAccents{.do_lower_case = true, .keep_accents = true};

TEST(Normalizer, Ascii) {
  EXPECT_EQ(normalize("Hello, World!"), "hello, world!");
  EXPECT_EQ(normalize("Hello", kCased), "Hello");
  EXPECT_EQ(normalize("a\tb\nc\rd"), "a b c d");
  EXPECT_EQ(normalize("a\r\nb"), "a b");  // one grapheme, one space
  EXPECT_EQ(normalize("a\x01\x7f\x0b"
                      "b"),
            "ab");  // control characters vanish
  EXPECT_EQ(normalize(std::string_view("a\0b", 3)), std::string_view("a\0b", 3));
}

TEST(Normalizer, QuotesFromLeftToRight) {
  EXPECT_EQ(normalize("``a'' ''' ````"), R"("a" "' "")");
  EXPECT_EQ(normalize("\u00e9'''x"), "e\"'x");
  EXPECT_EQ(normalize("''\u0301", kAccents), "\"\u0301");
  EXPECT_EQ(normalize("'\x01'"), "''");  // quotes first, control characters later
}

TEST(Normalizer, AccentsAndCompatibility) {
  EXPECT_EQ(normalize("Caf\u00e9 \ufb01ne \u00bd \u2460"), "cafe fine 1\u20442 1");
  EXPECT_EQ(normalize("\u0130I\u00df"), "ii\u00df");
  EXPECT_EQ(normalize("\u0130", kAccents), "i\u0307");
  EXPECT_EQ(normalize("e\u0301", kAccents), "\u00e9");  // composed by the map
  EXPECT_EQ(normalize("e\u0301\u0302", kAccents),
            "\u00e9");  // a grapheme below 6 bytes: the rest is lost, as in Transformers
  EXPECT_EQ(normalize("e\u0301\u0302\u0303", kAccents), "e\u0301\u0302\u0303");  // a longer one is taken apart
  EXPECT_EQ(normalize("\uac01"), "\u1100\u1161\u11a8");                          // Hangul stays decomposed
  EXPECT_EQ(normalize("\uac01", kAccents), "\uac01");
}

TEST(Normalizer, MarksAreThoseOfUnicode9) {
  EXPECT_EQ(normalize("a\u0e31"
                      "b"),
            "ab");
  EXPECT_EQ(normalize("a\u1cf2"
                      "b"),
            "ab");  // a mark then, a letter now
  EXPECT_EQ(normalize("a\U000111c9"
                      "b"),
            "a\U000111c9"
            "b");  // the other way round
  EXPECT_EQ(normalize("a\u1abf"
                      "b"),
            "a\u1abf"
            "b");  // of Unicode 13
}

TEST(Normalizer, BrokenUtf8BecomesSpaces) {
  EXPECT_EQ(normalize("a\xff"
                      "b"),
            "a b");
  EXPECT_EQ(normalize("x\xf0\x9f\x98 y"), "x  y");  // one for the broken sequence
  EXPECT_EQ(normalize("\xed\xa0\x80z"), "   z");    // a surrogate: three, as Python's decode has it
  EXPECT_EQ(normalize("caf\xc3"), "caf ");
}

TEST(Normalizer, LongRunsAreTheSameAsShortOnes) {
  std::string one_by_one;
  std::string text;
  for (int i = 0; i < 3000; ++i) {
    const std::string part = i % 3 == 0 ? "\u00c9" : i % 3 == 1 ? "\u0e01\u200d" : "e\u0301";
    text += part;
    one_by_one += normalize(part, kAccents);
  }
  EXPECT_EQ(normalize(text, kAccents), one_by_one);
}

std::string repeated(std::string_view part, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += part;
  return text;
}

TEST(Normalizer, AClusterMayBeLongerThanWhatIsHeldAtOnce) {
  for (const int count : {4090, 4091, 4092, 4093, 4094, 4095, 4096, 4097, 5000, 9000}) {
    // One cluster, behind which "e" and its accent are another one.
    const std::string jamo = repeated("\u1100", count);
    EXPECT_EQ(normalize("\u00e9" + jamo + "e\u0301x", kAccents), "\u00e9" + jamo + "\u00e9x") << count;
    // The first accent joins the cluster, so that it is composed with nothing.
    EXPECT_EQ(normalize(jamo + "\u0301e\u0301", kAccents), jamo + "\u0301\u00e9") << count;
  }
}

TEST(Normalizer, TheTimeForAClusterIsLinearInItsLength) {
  const std::string joiners = repeated("\u200d", 1'000'000);  // a quadratic normaliser would take an hour
  NormalizedText result;
  Normalizer({}, charsmap()).normalize("a" + joiners + "b", result, Normalizer::Spans::kTrack);
  EXPECT_EQ(result.spans.size(), result.text.size());
  EXPECT_EQ(result.spans.back().end, joiners.size() + 2);
}

TEST(Normalizer, EveryByteHasItsPlace) {
  const std::string text = "``\u00c9'' \ufb01 x\u0301y\x01z";
  NormalizedText result;
  Normalizer({}, charsmap()).normalize(text, result, Normalizer::Spans::kTrack);
  ASSERT_EQ(result.text, "\"e\" fi xyz");
  ASSERT_EQ(result.spans.size(), result.text.size());
  const std::vector<std::string> origins = {"``", "\u00c9", "''", " ", "\ufb01", "\ufb01", " ", "x", "y", "z"};
  for (std::size_t i = 0; i < origins.size(); ++i) {
    const Span span = result.spans[i];
    EXPECT_EQ(text.substr(span.begin, span.end - span.begin), origins[i]) << i;
  }
}

TEST(Normalizer, KnowsWhatStandsAlone) {
  EXPECT_TRUE(Normalizer::stands_alone("word"));
  EXPECT_TRUE(Normalizer::stands_alone("\u00e9t\u00e9"));
  EXPECT_FALSE(Normalizer::stands_alone("\u0301x"));  // joins the space before
  EXPECT_FALSE(Normalizer::stands_alone("x\u0600"));  // is joined by the space behind
}

TEST(Charsmap, BrokenLayoutsAreErrors) {
  EXPECT_THROW(Charsmap("abc"), ModelError);
  EXPECT_THROW(Charsmap(std::string("\x10\0\0\0abcd", 8)), ModelError);
  EXPECT_FALSE(Charsmap("").find("x"));
}

}  // namespace
}  // namespace albert::text
