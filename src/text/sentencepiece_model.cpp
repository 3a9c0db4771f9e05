#include "text/sentencepiece_model.h"

#include <cmath>
#include <unordered_set>
#include <utility>

#include <unicode/uchar.h>

#include "base/error.h"
#include "base/protobuf.h"
#include "base/shown.h"
#include "base/utf8.h"
#include "text/charsmap.h"
#include "text/foreign_format.h"
#include "text/piece_trie.h"
#include "text/special_tokens.h"

namespace albert::text {
namespace {

// Field numbers of sentencepiece_model.proto.
enum ModelField : std::uint32_t { kPieces = 1, kTrainerSpec = 2, kNormalizerSpec = 3, kSelfTestData = 4 };
enum PieceField : std::uint32_t { kText = 1, kScore = 2, kType = 3 };
// Fields of TrainerSpec.
enum TrainerField : std::uint32_t {
  kModelType = 3,
  kVocabSize = 4,
  kUnknownId = 40,
  kPadId = 43,
  kBosPiece = 46,
  kEosPiece = 47
};
// Fields of NormalizerSpec.
enum NormalizerField : std::uint32_t { kName = 1, kPrecompiledCharsmap = 2 };
constexpr std::uint64_t kUnigram = 1;

constexpr double kDigitCommaPenalty = 100;

/// Python's str.isdigit for one character, which is what the published conversion asks.
bool is_digit(UChar32 c) {
  const int type = u_getIntPropertyValue(c, UCHAR_NUMERIC_TYPE);
  return type == U_NT_DECIMAL || type == U_NT_DIGIT;
}

bool ends_in_digit_and_comma(std::string_view piece) {
  if (piece.size() < 2 || piece.back() != ',') return false;
  piece.remove_suffix(1);
  const UChar32 before = pop_back(piece);
  return before != kNoCodePoint && is_digit(before);
}

VocabularyPiece parse_piece(std::string_view message) {
  VocabularyPiece piece{{}, 0, PieceType::kNormal};
  for (ProtobufReader reader(message); reader.next();) {
    if (reader.field() == kText) piece.text = reader.bytes();
    if (reader.field() == kScore) piece.score = reader.float32();
    if (reader.field() == kType) piece.type = static_cast<PieceType>(reader.varint());
  }
  return piece;
}

void check_trainer_spec(std::string_view message) {
  for (ProtobufReader reader(message); reader.next();) {
    if (reader.field() == kModelType && reader.varint() != kUnigram) {
      throw ModelError(
          "its model type is not unigram, which every ALBERT vocabulary is; train one with `albert tokenizer train`");
    }
  }
}

ProtobufWriter serialize_piece(const VocabularyPiece& piece) {
  ProtobufWriter message;
  message.add_bytes(kText, piece.text);
  message.add_float(kScore, piece.score);
  message.add_integer(kType, static_cast<int>(piece.type));
  return message;
}

ProtobufWriter with_vocab_size(std::string_view trainer_spec, std::size_t size) {
  ProtobufWriter changed;
  for (ProtobufReader reader(trainer_spec); reader.next();) {
    if (reader.field() != kVocabSize) changed.add_raw(reader.raw());
  }
  changed.add_integer(kVocabSize, size);
  return changed;
}

void check_piece(const VocabularyPiece& piece, std::size_t id) {
  if (piece.text.empty()) throw ModelError("it holds an empty piece");
  if (piece.text.size() > PieceTrie::kMaxKeyBytes) {
    throw ModelError("its piece {} has {} bytes (limit {})", id, piece.text.size(), PieceTrie::kMaxKeyBytes);
  }
  if (!is_utf8(piece.text)) throw ModelError("its piece {} is not text of UTF-8", id);
  if (!std::isfinite(piece.score)) throw ModelError("the score of its piece {} is {}", id, piece.score);
  if (piece.type < PieceType::kNormal || piece.type > PieceType::kByte) {
    throw ModelError("its piece {} is of the type {}, expected 1 to 6", id, static_cast<int>(piece.type));
  }
  if (piece.type == PieceType::kByte)
    throw ModelError("it uses byte fallback ({}), which ALBERT has not", in_quotes(piece.text));
}

/// That each piece has one id. A special token may be spelled like a piece of text, as SentencePiece has it.
void check_distinct(const std::vector<VocabularyPiece>& pieces) {
  std::unordered_set<std::string_view> of_text;
  std::unordered_set<std::string_view> special;
  for (const VocabularyPiece& piece : pieces) {
    if ((piece.matches_text() ? of_text : special).insert(piece.text).second) continue;
    throw ModelError("it holds the piece {} twice", in_quotes(piece.text));
  }
}

void read_fields(SentencePieceModel& model) {
  for (ProtobufReader reader(model.bytes); reader.next();) {
    if (reader.field() == kPieces) model.pieces.push_back(parse_piece(reader.bytes()));
    if (reader.field() == kTrainerSpec) check_trainer_spec(reader.bytes());
  }
  model.charsmap = SentencePieceModel::parse_charsmap(model.bytes);
  static_cast<void>(Charsmap(model.charsmap));  // throws if it is broken
  if (model.pieces.empty()) throw ModelError("it holds no pieces");
  for (std::size_t id = 0; id < model.pieces.size(); ++id) check_piece(model.pieces[id], id);
  check_distinct(model.pieces);
}

}  // namespace

double VocabularyPiece::segmentation_score() const {
  return ends_in_digit_and_comma(text) ? double{score} - kDigitCommaPenalty : double{score};
}

std::optional<float> score_of_segmentation(std::string_view text, double segmentation_score) {
  if (!ends_in_digit_and_comma(text)) return static_cast<float>(segmentation_score);
  if (segmentation_score > -kDigitCommaPenalty) return std::nullopt;
  return static_cast<float>(segmentation_score + kDigitCommaPenalty);
}

SentencePieceModel SentencePieceModel::parse(std::string bytes, const std::string& name) {
  SentencePieceModel model;
  model.bytes = std::move(bytes);
  try {
    read_fields(model);
  } catch (const ModelError& error) {
    if (const auto format = find_foreign_format(model.bytes)) {
      throw ModelError("{}: expected a SentencePiece vocabulary, found {}; {}", name, format->name, format->advice);
    }
    throw ModelError("{} is not a SentencePiece vocabulary that ALBERT can use: {}", name, error.what());
  }
  return model;
}

std::string SentencePieceModel::parse_charsmap(std::string_view bytes) {
  std::string charsmap;
  for (ProtobufReader reader(bytes); reader.next();) {
    if (reader.field() != kNormalizerSpec) continue;
    for (ProtobufReader spec(reader.bytes()); spec.next();) {
      if (spec.field() == kPrecompiledCharsmap) charsmap = spec.bytes();
    }
  }
  return charsmap;
}

std::string serialize_unigram(const std::vector<VocabularyPiece>& pieces, std::string_view charsmap) {
  ProtobufWriter message;
  ProtobufWriter trainer;
  trainer.add_integer(kModelType, kUnigram);
  for (std::size_t id = 0; id < pieces.size(); ++id) {
    message.add_message(kPieces, serialize_piece(pieces[id]));
    if (pieces[id].type == PieceType::kUnknown) trainer.add_integer(kUnknownId, id);
    if (pieces[id].text == kPadToken) trainer.add_integer(kPadId, id);
  }
  trainer.add_bytes(kBosPiece, kClsToken);
  trainer.add_bytes(kEosPiece, kSepToken);
  message.add_message(kTrainerSpec, trainer);
  ProtobufWriter normalizer;
  normalizer.add_bytes(kName, "from tokenizer.json");
  normalizer.add_bytes(kPrecompiledCharsmap, charsmap);
  message.add_message(kNormalizerSpec, normalizer);
  return message.bytes();
}

std::string with_pieces(std::string_view bytes, const std::vector<VocabularyPiece>& pieces) {
  ProtobufWriter result;
  std::size_t size = pieces.size();
  for (ProtobufReader reader(bytes); reader.next();) {
    if (reader.field() != kPieces) continue;
    result.add_raw(reader.raw());
    ++size;
  }
  for (const VocabularyPiece& piece : pieces) result.add_message(kPieces, serialize_piece(piece));
  for (ProtobufReader reader(bytes); reader.next();) {
    if (reader.field() == kPieces || reader.field() == kSelfTestData) continue;
    if (reader.field() == kTrainerSpec) {
      result.add_message(kTrainerSpec, with_vocab_size(reader.bytes(), size));
    } else {
      result.add_raw(reader.raw());
    }
  }
  return result.bytes();
}

std::string with_normalizer_of(std::string_view bytes, std::string_view donor) {
  ProtobufWriter result;
  for (ProtobufReader reader(bytes); reader.next();) {
    if (reader.field() != kNormalizerSpec) result.add_raw(reader.raw());
  }
  for (ProtobufReader reader(donor); reader.next();) {
    if (reader.field() == kNormalizerSpec) result.add_bytes(kNormalizerSpec, reader.bytes());
  }
  return result.bytes();
}

}  // namespace albert::text
