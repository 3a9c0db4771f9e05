#include "text/sentencepiece_tokenizer.h"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sentencepiece_processor.h>

#include "base/error.h"
#include "base/file.h"
#include "base/protobuf.h"
#include "support/temporary_folder.h"
#include "text/small_vocabulary.h"
#include "text/words.h"

namespace albert::text {
namespace {

using ::testing::ElementsAre;
using testing::make_lines;
using testing::small_vocabulary;

std::vector<std::int32_t> ids_of(const Tokenizer& tokenizer, std::string_view text) {
  std::vector<std::int32_t> ids;
  tokenizer.encode(text, ids);
  return ids;
}

std::vector<std::string> pieces_of(const Tokenizer& tokenizer, std::string_view text,
                                   SpecialTokens special = SpecialTokens::kAsText) {
  std::vector<std::string> pieces;
  for (const Piece& piece : tokenizer.encode_with_offsets(text, special))
    pieces.emplace_back(tokenizer.piece(piece.id));
  return pieces;
}

SentencePieceModel model_of(const Tokenizer& tokenizer) {
  const albert::testing::TemporaryFolder folder;
  tokenizer.save(folder.path());
  return SentencePieceModel::parse(read_file(folder / "spiece.model"), "model");
}

/// The same model with the scores that segmentation uses, for SentencePiece itself.
std::string with_segmentation_scores(const SentencePieceModel& model) {
  ProtobufWriter changed;
  std::size_t id = 0;
  for (ProtobufReader reader(model.bytes); reader.next();) {
    if (reader.field() != 1) {
      changed.add_raw(reader.raw());
      continue;
    }
    ProtobufWriter piece;
    for (ProtobufReader fields(reader.bytes()); fields.next();) {
      if (fields.field() != 2) piece.add_raw(fields.raw());
    }
    piece.add_float(2, static_cast<float>(model.pieces[id++].segmentation_score()));
    changed.add_message(1, piece);
  }
  return changed.bytes();
}

double total_score(const SentencePieceModel& model, const std::vector<std::int32_t>& ids) {
  double total = 0;
  for (const std::int32_t id : ids) total += model.pieces[static_cast<std::size_t>(id)].segmentation_score();
  return total;
}

TEST(SentencePieceTokenizer, AgreesWithSentencePieceOnNormalisedText) {
  const auto tokenizer = small_vocabulary();
  const SentencePieceModel model = model_of(*tokenizer);
  sentencepiece::SentencePieceProcessor reference;
  ASSERT_TRUE(reference.LoadFromSerializedProto(with_segmentation_scores(model)).ok());
  const Normalizer normalizer({}, model.charsmap);
  NormalizedText normalized;
  int num_ties = 0;
  for (const std::string& line : make_lines(1000, 99)) {
    normalizer.normalize(line, normalized);
    std::vector<int> expected;
    ASSERT_TRUE(reference.Encode(normalized.text, &expected).ok());
    const std::vector<std::int32_t> ids = ids_of(*tokenizer, line);
    if (ids == expected) continue;
    ++num_ties;
    EXPECT_NEAR(total_score(model, ids), total_score(model, expected), 1e-4) << line;
  }
  EXPECT_LT(num_ties, 10);
}

TEST(SentencePieceTokenizer, DigitsAndCommasPart) {
  const auto tokenizer = small_vocabulary();
  const SentencePieceModel model = model_of(*tokenizer);
  const auto ends_in_digit_and_comma = [](const VocabularyPiece& piece) { return piece.segmentation_score() < -100; };
  ASSERT_TRUE(std::any_of(model.pieces.begin(), model.pieces.end(), ends_in_digit_and_comma))
      << "the text has no such piece";
  for (const std::string text : {"2000,", "19,", "x 1,"}) EXPECT_EQ(pieces_of(*tokenizer, text).back(), ",") << text;
}

TEST(SentencePieceTokenizer, UnknownCharactersAreOnePiece) {
  const auto tokenizer = small_vocabulary();
  EXPECT_THAT(pieces_of(*tokenizer, "\u4e2d\u6587"), ElementsAre("\u2581", "<unk>"));
  EXPECT_THAT(pieces_of(*tokenizer, "\u4e2d \u6587"), ElementsAre("\u2581", "<unk>", "\u2581", "<unk>"));
}

TEST(SentencePieceTokenizer, EncoderRemembersNothingWrong) {
  const auto tokenizer = small_vocabulary();
  std::vector<std::string> lines = make_lines(2000, 5);
  // Words that depend on their neighbours, words of several words, and what is not there.
  for (const char* odd : {"", " ", "a \u0301b", "\u0301", "x\u0600 y", "a\u00a0b\u3000c", "\x01\x02",
                          "caf\u00e9 caf\u00e9", "a\r\nb", "''' '''"}) {
    lines.emplace_back(odd);
  }
  for (const std::size_t memory_bytes : {std::size_t{0}, std::size_t{4096}, std::size_t{1} << 20}) {
    const auto encoder = tokenizer->make_encoder(memory_bytes);
    for (int round = 0; round < 2; ++round) {
      for (const std::string& line : lines) {
        std::vector<std::int32_t> ids = {-7};
        encoder->encode(line, ids);
        std::vector<std::int32_t> expected = {-7};
        tokenizer->encode(line, expected);
        ASSERT_EQ(ids, expected) << line;
      }
    }
  }
}

TEST(SentencePieceTokenizer, OffsetsCoverTheText) {
  const auto tokenizer = small_vocabulary({.do_lower_case = false, .keep_accents = true});
  for (const std::string& line : make_lines(300, 11)) {
    std::string covered;
    std::uint32_t last = 0;
    for (const Piece& piece : tokenizer->encode_with_offsets(line, SpecialTokens::kAsText)) {
      ASSERT_LE(last, piece.begin);
      ASSERT_LE(piece.begin, piece.end);
      covered += line.substr(piece.begin, piece.end - piece.begin);
      last = piece.end;
    }
    std::string without_spaces;
    for (WordReader reader(line); reader.next();) without_spaces += reader.word();
    EXPECT_EQ(covered, without_spaces);
  }
}

TEST(SentencePieceTokenizer, OffsetsPointIntoTheOriginal) {
  const auto tokenizer = small_vocabulary();
  const std::string text = "x \u00c9  \u4e2d''";
  std::vector<std::string> originals;
  for (const Piece& piece : tokenizer->encode_with_offsets(text, SpecialTokens::kAsText)) {
    originals.push_back(text.substr(piece.begin, piece.end - piece.begin));
  }
  EXPECT_EQ(originals.back(), "''");
  EXPECT_THAT(originals, ::testing::Contains("\u00c9"));
  EXPECT_THAT(originals, ::testing::Contains("\u4e2d"));
  EXPECT_THAT(originals, ::testing::Contains(""));  // a lone prefix
}

TEST(SentencePieceTokenizer, SpecialTokensOnlyWhereParsed) {
  const auto tokenizer = small_vocabulary();
  EXPECT_THAT(pieces_of(*tokenizer, "  [MASK][SEP]<unk>[mask", SpecialTokens::kParse).front(), "[MASK]");
  const std::string text = "ba [MASK] [CLS]<pad>";
  std::vector<std::int32_t> special;
  for (const Piece& piece : tokenizer->encode_with_offsets(text, SpecialTokens::kParse)) {
    if (piece.id < 5) {
      special.push_back(piece.id);
      EXPECT_EQ(text.substr(piece.begin, piece.end - piece.begin), tokenizer->piece(piece.id));
    }
  }
  EXPECT_THAT(special, ElementsAre(4, 2, 0));
  for (const TokenizerSettings settings :
       {TokenizerSettings{true, false}, TokenizerSettings{false, false}, TokenizerSettings{false, true}}) {
    const auto vocabulary = small_vocabulary(settings);
    // Also where normalisation makes the spelling of the token.
    for (const std::string plain : {"[MASK]", "<pad>", "[SEP]", "\uff3bMASK\uff3d"}) {
      for (const Piece& piece : vocabulary->encode_with_offsets(plain, SpecialTokens::kAsText)) {
        EXPECT_TRUE(piece.id == 1 || piece.id > 4) << plain << " gave " << vocabulary->piece(piece.id);
      }
    }
  }
}

TEST(SentencePieceTokenizer, DecodesWhatItEncoded) {
  const auto tokenizer = small_vocabulary({.do_lower_case = false, .keep_accents = true});
  for (const std::string text : {"Baden kilo (so) don't", "2000, 19, 1,000"}) {
    EXPECT_EQ(tokenizer->decode(ids_of(*tokenizer, text)), text);
  }
  const std::vector<std::int32_t> ids = {2, 4, 3};
  EXPECT_EQ(tokenizer->decode(ids), "");
  EXPECT_EQ(tokenizer->decode(ids, true), "[CLS][MASK][SEP]");
  EXPECT_THROW(tokenizer->decode(std::vector<std::int32_t>{400}), DataError);
  EXPECT_THROW(tokenizer->piece(-1), DataError);
}

TEST(SentencePieceTokenizer, ThreadsShareIt) {
  const auto tokenizer = small_vocabulary();
  const std::vector<std::string> lines = make_lines(300, 3);
  const auto encode_all = [&] {
    std::vector<std::int32_t> ids;
    const auto encoder = tokenizer->make_encoder(1 << 16);
    for (const std::string& line : lines) {
      encoder->encode(line, ids);
      tokenizer->encode(line, ids);
    }
    return ids;
  };
  const std::vector<std::int32_t> expected = encode_all();
  std::vector<std::future<std::vector<std::int32_t>>> results;
  for (int i = 0; i < 4; ++i) results.push_back(std::async(std::launch::async, encode_all));
  for (auto& result : results) EXPECT_EQ(result.get(), expected);
}

TEST(SentencePieceTokenizer, FingerprintTellsVocabulariesAndSettingsApart) {
  const auto tokenizer = small_vocabulary();
  const SentencePieceModel model = model_of(*tokenizer);
  EXPECT_EQ(SentencePieceTokenizer(model, {}, "m").fingerprint(), tokenizer->fingerprint());
  EXPECT_NE(SentencePieceTokenizer(model, {false, false}, "m").fingerprint(), tokenizer->fingerprint());
  SentencePieceModel changed = model;
  changed.pieces[20].score -= 1;
  EXPECT_NE(SentencePieceTokenizer(changed, {}, "m").fingerprint(), tokenizer->fingerprint());
}

TEST(SentencePieceTokenizer, PiecesAcrossWordsAreFound) {
  SentencePieceModel model = model_of(*small_vocabulary());
  model.pieces.push_back({"\u2581so\u2581so", 0, PieceType::kNormal});
  const SentencePieceTokenizer tokenizer(std::move(model), {}, "m");
  EXPECT_THAT(pieces_of(tokenizer, "So  so"), ElementsAre("\u2581so\u2581so"));
  std::vector<std::int32_t> ids;
  tokenizer.make_encoder(1 << 16)->encode("so so", ids);
  EXPECT_THAT(ids, ElementsAre(400));
}

}  // namespace
}  // namespace albert::text
