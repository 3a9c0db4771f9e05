#include "text/json_vocabulary.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/shown.h"
#include "text/base64.h"
#include "text/sentencepiece_model.h"
#include "text/special_tokens.h"
#include "text/whitespace.h"
#include "text/wordpiece_vocabulary.h"

namespace albert::text {
namespace {

using nlohmann::json;

constexpr const char* kVocabulary = "model.vocab";
constexpr const char* kAdvice = "copy the spiece.model or vocab.txt that the tokenizer was made of into the folder";

/// The charsmap of a step of the normalizer; nothing if it is of another type.
std::optional<std::string> charsmap_of(const json& step, const std::string& place) {
  const auto type = json_value<std::string>(json_member(step, "type", place), place + ".type");
  if (type != "Precompiled") return std::nullopt;
  constexpr const char* kCharsmap = "precompiled_charsmap";
  return from_base64(json_value<std::string>(json_member(step, kCharsmap, place), place + "." + kCharsmap));
}

/// The one in the normalizer's sequence; empty if there is none.
std::string find_charsmap(const json& file) {
  const json* normalizer = find_json_member(file, "normalizer");
  const json* steps = normalizer ? find_json_member(*normalizer, "normalizers", "normalizer") : nullptr;
  if (!steps) return "";
  std::size_t i = 0;
  for (const json& step : json_list(*steps, "normalizer.normalizers")) {
    if (auto charsmap = charsmap_of(step, fmt::format("normalizer.normalizers[{}]", i++))) return *charsmap;
  }
  return "";
}

/// The member that holds the pieces, with their scores or ids.
const json& vocabulary_of(const json& file) {
  return json_member(json_member(file, "model"), "vocab", "model");
}

PieceType type_of(const std::string& text, double score, bool is_unknown) {
  if (is_unknown) return PieceType::kUnknown;
  if (std::ranges::find(kSpecialTokens, text) != kSpecialTokens.end()) return PieceType::kControl;
  return score == 0 ? PieceType::kUserDefined : PieceType::kNormal;
}

/// The piece of an entry, which has a score behind it.
const std::string& text_of(const json& entry, std::size_t id) {
  if (!entry.is_array() || entry.size() != 2 || !entry[0].is_string() || !entry[1].is_number()) {
    refuse_json(entry, "a list of a text and a number", fmt::format("{}[{}]", kVocabulary, id));
  }
  return entry[0].get_ref<const std::string&>();
}

std::string unigram(const json& file) {
  const json& model = json_member(file, "model");
  const json* fallback = find_json_member(model, "byte_fallback", "model");
  if (fallback && json_value<bool>(*fallback, "model.byte_fallback")) {
    throw ModelError("it uses byte fallback, which ALBERT has not; {}", kAdvice);
  }
  const auto unknown = json_value<std::size_t>(json_member(model, "unk_id", "model"), "model.unk_id");
  std::vector<VocabularyPiece> pieces;
  for (const json& entry : json_list(vocabulary_of(file), kVocabulary)) {
    const std::string& text = text_of(entry, pieces.size());
    const auto score = entry[1].get<double>();
    const std::optional<float> plain_score = score_of_segmentation(text, score);
    if (!plain_score) {
      throw ModelError(
          "the piece {} has the score {}: expected one lowered by 100, as the published tokenizers have it; {}",
          in_quotes(text), score, kAdvice);
    }
    pieces.push_back({text, *plain_score, type_of(text, score, pieces.size() == unknown)});
  }
  return serialize_unigram(pieces, find_charsmap(file));
}

/// By id; empty where there is none, as of equal lines of a vocab.txt only the last one has an entry.
std::vector<std::string> wordpiece_pieces(const json& ids) {
  const std::size_t most = 2 * json_object(ids, kVocabulary).size() + 1000;
  std::vector<std::string> pieces;
  for (const auto& [piece, id] : ids.items()) {
    if (!id.is_number_unsigned()) refuse_json(id, "a whole number from 0 on", fmt::format("{}.{}", kVocabulary, piece));
    const auto place = id.get<std::size_t>();
    if (place >= most) {
      throw ModelError("the piece {} has the id {} among {}; {}", in_quotes(piece), place, ids.size(), kAdvice);
    }
    if (piece.find('\n') != std::string::npos || piece.ends_with('\r')) {
      throw ModelError("the piece {} holds a line end, which no vocab.txt can; {}", place, kAdvice);
    }
    pieces.resize(std::max(pieces.size(), place + 1));
    pieces[place] = piece;
  }
  return pieces;
}

std::vector<std::string> unigram_pieces(const json& entries) {
  std::vector<std::string> pieces;
  pieces.reserve(entries.size());
  for (const json& entry : json_list(entries, kVocabulary)) pieces.push_back(text_of(entry, pieces.size()));
  return pieces;
}

std::string wordpiece(const json& file) {
  WordPieceVocabulary vocabulary{};
  vocabulary.pieces = wordpiece_pieces(vocabulary_of(file));
  return vocabulary.to_text();
}

VocabularyKind kind_of(const json& file) {
  const auto type = json_value<std::string>(json_member(json_member(file, "model"), "type", "model"), "model.type");
  if (type == "Unigram") return VocabularyKind::kSentencePiece;
  if (type == "WordPiece") return VocabularyKind::kWordPiece;
  throw ModelError("its model is {}: expected Unigram (SentencePiece) or WordPiece", type);
}

JsonVocabulary read(const json& file) {
  const VocabularyKind kind = kind_of(file);
  return {kind, kind == VocabularyKind::kSentencePiece ? unigram(file) : wordpiece(file)};
}

std::vector<std::string> read_pieces(const json& file) {
  const json& entries = vocabulary_of(file);
  return kind_of(file) == VocabularyKind::kSentencePiece ? unigram_pieces(entries) : wordpiece_pieces(entries);
}

/// What a function makes of the content.
/// \param complaint what is said of the file before the reason
template <typename Function>
auto with_content(const std::filesystem::path& file, const char* complaint, const Function& function) {
  try {
    const json content = read_json(read_file(file));
    find_charsmap(content);  // wherever the charsmap comes from, a broken normalizer is a broken file
    return function(content);
  } catch (const json::exception& error) {
    throw ModelError("{} is not the file of a tokenizer: {}; {}", file.string(), json_problem(error), kAdvice);
  } catch (const ModelError& error) {
    throw ModelError("{} {}: {}", file.string(), complaint, error.what());
  }
}

std::string quoted(std::string_view piece) {
  return piece.empty() ? "no piece" : in_quotes(piece);
}

}  // namespace

JsonVocabulary read_json_vocabulary(const std::filesystem::path& file) {
  return with_content(file, "cannot be used alone", read);
}

void check_same_pieces(const std::filesystem::path& file, const Tokenizer& tokenizer,
                       const std::filesystem::path& vocabulary) {
  const std::vector<std::string> pieces = with_content(file, "cannot be used", read_pieces);
  const auto num_pieces = static_cast<std::size_t>(tokenizer.vocabulary_size());
  for (std::size_t id = 0; id < std::max(num_pieces, pieces.size()); ++id) {
    const std::string_view expected = id < num_pieces ? tokenizer.piece(static_cast<std::int32_t>(id)) : "";
    const std::string_view found = id < pieces.size() ? std::string_view(pieces[id]) : "";
    if (trim_right(found) == trim_right(expected) || (found.empty() && id < pieces.size())) continue;
    throw ModelError(
        "{}: holds another vocabulary than {} beside it: id {}: expected {}, found {}; one of the two is not of this "
        "model: put back the file that it was trained with, or, if that is {}, remove the other",
        file.string(), vocabulary.filename().string(), id, quoted(expected), quoted(found),
        vocabulary.filename().string());
  }
}

}  // namespace albert::text
