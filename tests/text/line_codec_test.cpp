#include "text/line_codec.h"

#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/log_capture.h"
#include "support/pipe.h"
#include "support/refusal.h"
#include "text/small_vocabulary.h"

namespace albert::text {
namespace {

using ::testing::HasSubstr;

std::string encode(const std::string& input, const LineFormat& format) {
  const albert::testing::Pipe in(input);
  std::ostringstream out;
  encode_lines(*testing::small_vocabulary(), in.reading(), out, format);
  return out.str();
}

std::string decode(const std::string& input, const LineFormat& format) {
  const albert::testing::Pipe in(input);
  std::ostringstream out;
  decode_lines(*testing::small_vocabulary(), in.reading(), out, format);
  return out.str();
}

constexpr LineFormat kPlain{.special = false};

TEST(LineCodec, OneLineOutForEveryLineIn) {
  EXPECT_EQ(encode("\n\n", {}), "2 3\n2 3\n");
  EXPECT_EQ(encode("\n", kPlain), "\n");
  EXPECT_EQ(encode("", {}), "");
  EXPECT_EQ(encode("(", {.pieces = true}), "[CLS] \u2581 ( [SEP]\n");  // also without a line end
}

TEST(LineCodec, LinesMayEndAsOnOldMacs) {
  EXPECT_EQ(encode("a\rb\r", kPlain), encode("a\nb\n", kPlain));
  EXPECT_EQ(encode("a\rb\n", kPlain), encode("a b\n", kPlain)) << "beside line feeds it is white space";
}

TEST(LineCodec, PairsAndSpecialTokens) {
  EXPECT_EQ(encode("(\t) .\n", {.pieces = true, .pair = true}), "[CLS] \u2581 ( [SEP] \u2581 ) \u2581 . [SEP]\n");
  EXPECT_EQ(encode("( [MASK])\n", {.pieces = true, .special = false}), "\u2581 ( [MASK] \u2581 )\n");
  EXPECT_EQ(encode("\t\n", {.pair = true}), "2 3 3\n");
}

TEST(LineCodec, OffsetsCountCharacters) {
  EXPECT_EQ(encode("\u4e2d\u6587( \xff[MASK]\n", {.pieces = true, .offsets = true}),
            "[CLS]:0:0 \u2581:0:0 <unk>:0:2 (:2:3 [MASK]:5:11 [SEP]:0:0\n");
}

TEST(LineCodec, ThereAndBack) {
  const std::string text = "baden (so) 2000, kilo.\n\nzan\n";
  EXPECT_EQ(decode(encode(text, {}), kPlain), text);
  EXPECT_EQ(decode(encode(text, {.pieces = true}), {.pieces = true, .special = false}), text);
  EXPECT_EQ(decode("2 4 3\n", {}), "[CLS][MASK][SEP]\n");
}

TEST(LineCodec, MistakesNameTheLine) {
  const auto message = [](const auto& convert) { return albert::testing::refusal<DataError>(convert); };
  EXPECT_THAT(message([] { encode("a\tb\nc\n", {.pair = true}); }),
              HasSubstr("standard input:2: expected two texts apart by a tab"));
  EXPECT_THAT(message([] { encode("a\tb\tc\n", {.pair = true}); }),
              HasSubstr("standard input:1: expected two texts apart by one tab, found 2 tabs"));
  EXPECT_THAT(message([] { decode("5\nx5\n", kPlain); }), HasSubstr("standard input:2: expected an id, found 'x5'"));
  EXPECT_THAT(message([] { decode("400\n", kPlain); }), HasSubstr("standard input:1: id 400"));
  EXPECT_THAT(message([] { decode("nowhere\n", {.pieces = true}); }), HasSubstr("no piece 'nowhere'"));
}

TEST(LineCodec, WhatIsNoTextIsToldOf) {
  EXPECT_THAT(albert::testing::refusal<DataError>([] { encode("\x1f\x8b\x08rest", kPlain); }),
              HasSubstr("standard input:1: expected text, found a compressed file (gzip)"));
  const albert::testing::LogCapture log;
  EXPECT_EQ(encode("a\nb \xff\nc \xff\n", kPlain), encode("a\nb \ufffd\nc \ufffd\n", kPlain));
  EXPECT_THAT(log.text(), HasSubstr("standard input:2: byte 3 (0xff) is not valid UTF-8"));
  EXPECT_THAT(log.text(), HasSubstr("2 lines in all"));
}

TEST(LineCodec, AnOutputThatFailsIsAnError) {
  const albert::testing::Pipe in("a\n");
  std::ostream closed(nullptr);
  EXPECT_THROW(encode_lines(*testing::small_vocabulary(), in.reading(), closed, {}), IoError);
}

}  // namespace
}  // namespace albert::text
