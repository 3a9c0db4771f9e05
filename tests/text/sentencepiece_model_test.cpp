#include "text/sentencepiece_model.h"

#include <cmath>
#include <functional>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "text/small_vocabulary.h"
#include "text/tokenizer.h"

namespace albert::text {
namespace {

using ::testing::HasSubstr;

SentencePieceModel small_model() {
  const albert::testing::TemporaryFolder folder;
  testing::small_vocabulary()->save(folder.path());
  return SentencePieceModel::parse(read_file(folder / "spiece.model"), "small");
}

std::string refusal(const std::function<void(SentencePieceModel&)>& damage) {
  SentencePieceModel model = small_model();
  damage(model);
  return albert::testing::refusal<ModelError>(
      [&] { SentencePieceModel::parse(serialize_unigram(model.pieces, model.charsmap), "spiece.model"); });
}

TEST(SentencePieceModel, WhatIsNoTextIsRefusedWhenItIsRead) {
  EXPECT_THAT(refusal([](auto& model) { model.pieces[9].text = "a\xf0"; }),
              HasSubstr("spiece.model is not a SentencePiece vocabulary that ALBERT can use: its piece 9 is not text"));
  // A replacement that ends in the first byte of a character would be read beyond its end.
  EXPECT_THAT(refusal([](auto& model) { model.charsmap[model.charsmap.size() - 2] = '\xf0'; }),
              HasSubstr("the character map is broken: its replacements are not UTF-8"));
  EXPECT_THAT(refusal([](auto& model) { model.charsmap.resize(100); }), HasSubstr("the character map is broken"));
}

TEST(SentencePieceModel, ScoresAndTypesAreChecked) {
  for (const float score : {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    EXPECT_THAT(refusal([&](auto& model) { model.pieces[9].score = score; }), HasSubstr("the score of its piece 9"));
  }
  EXPECT_THAT(refusal([](auto& model) { model.pieces[9].type = static_cast<PieceType>(7); }),
              HasSubstr("its piece 9 is of the type 7"));
}

}  // namespace
}  // namespace albert::text
