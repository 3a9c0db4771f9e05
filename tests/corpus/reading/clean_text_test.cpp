#include "corpus/reading/clean_text.h"

#include <gtest/gtest.h>

namespace albert::corpus {
namespace {

struct Cleaned {
  std::string text;
  Repairs repairs;
};

Cleaned clean(std::string_view text) {
  Cleaned cleaned;
  cleaned.repairs = append_clean(text, cleaned.text);
  return cleaned;
}

TEST(CleanText, ValidTextIsUnchanged) {
  for (const std::string text :
       {"", "plain ASCII of more than eight bytes", "Zoë, 北京, ไทย, 😀 and more", "\x01\x7f"}) {
    EXPECT_EQ(clean(text).text, text);
    EXPECT_FALSE(clean(text).repairs.any());
  }
}

// The examples of the Unicode Standard 15, section 3.9, tables 3-8 to 3-11.
TEST(CleanText, ReplacesMaximalSubparts) {
  const std::string r = "\ufffd";
  EXPECT_EQ(clean("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41").text, r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(clean("\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41").text, r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(clean("\xf4\x91\x92\x93\xff\x41\x80\xbf\x42").text, r + r + r + r + r + "A" + r + r + "B");
  EXPECT_EQ(clean("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41").text, r + r + r + r + "A");
}

TEST(CleanText, DropsARunOfNulAtOnce) {
  const Cleaned cleaned = clean("a" + std::string(1'000'000, '\0') + "b");
  EXPECT_EQ(cleaned.text, "ab");
  EXPECT_EQ(cleaned.repairs.nul_bytes, 1'000'000u);
  EXPECT_EQ(cleaned.repairs.first_nul, 1u);
}

TEST(CleanText, CountsBytesAndRemembersTheFirstPlaces) {
  const Cleaned cleaned = clean(std::string_view("caf\xe9 \0 and more text \xe9\xe8 \0\0", 26));
  EXPECT_EQ(cleaned.text, "caf\ufffd  and more text \ufffd\ufffd ");
  EXPECT_EQ(cleaned.repairs.invalid_bytes, 3u);
  EXPECT_EQ(cleaned.repairs.first_invalid, 3u);
  EXPECT_EQ(cleaned.repairs.nul_bytes, 3u);
  EXPECT_EQ(cleaned.repairs.first_nul, 5u);
}

// The fast path looks at eight bytes at once: no byte may hide in any of its places.
TEST(CleanText, EveryPlaceIsLookedAt) {
  for (std::size_t i = 0; i < 40; ++i) {
    std::string text(40, 'x');
    text[i] = '\0';
    EXPECT_EQ(clean(text).repairs.first_nul, i);
    text[i] = '\x80';
    EXPECT_EQ(clean(text).repairs.first_invalid, i);
    EXPECT_EQ(clean(text).text.size(), 42u);
  }
}

}  // namespace
}  // namespace albert::corpus
