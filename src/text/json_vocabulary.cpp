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

constexpr const char* kAdvice = "copy the spiece.model or vocab.txt that the tokenizer was made of into the folder";

/// The one in the normalizer's sequence; empty if there is none.
std::string find_charsmap(const json& file) {
  const json steps = file.value(json::json_pointer("/normalizer/normalizers"), json::array());
  for (const json& step : steps) {
    if (step.at("type") == "Precompiled") return from_base64(step.at("precompiled_charsmap").get<std::string>());
  }
  return "";
}

PieceType type_of(const std::string& text, double score, bool is_unknown) {
  if (is_unknown) return PieceType::kUnknown;
  if (std::ranges::find(kSpecialTokens, text) != kSpecialTokens.end()) return PieceType::kControl;
  return score == 0 ? PieceType::kUserDefined : PieceType::kNormal;
}

std::string unigram(const json& file) {
  const json& model = file.at("model");
  if (model.value("byte_fallback", false)) throw ModelError("it uses byte fallback, which ALBERT has not; {}", kAdvice);
  const auto unknown = model.at("unk_id").get<std::size_t>();
  std::vector<VocabularyPiece> pieces;
  for (const json& entry : model.at("vocab")) {
    const auto text = entry.at(0).get<std::string>();
    const auto score = entry.at(1).get<double>();
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
  const std::size_t most = 2 * ids.size() + 1000;
  std::vector<std::string> pieces;
  for (const auto& [piece, id] : ids.items()) {
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
  for (const json& entry : entries) pieces.push_back(entry.at(0).get<std::string>());
  return pieces;
}

std::string wordpiece(const json& file) {
  WordPieceVocabulary vocabulary{};
  vocabulary.pieces = wordpiece_pieces(file.at("model").at("vocab"));
  return vocabulary.to_text();
}

VocabularyKind kind_of(const json& file) {
  const std::string type = file.at("model").at("type").get<std::string>();
  if (type == "Unigram") return VocabularyKind::kSentencePiece;
  if (type == "WordPiece") return VocabularyKind::kWordPiece;
  throw ModelError("its model is {}: expected Unigram (SentencePiece) or WordPiece", type);
}

JsonVocabulary read(const json& file) {
  const VocabularyKind kind = kind_of(file);
  return {kind, kind == VocabularyKind::kSentencePiece ? unigram(file) : wordpiece(file)};
}

std::vector<std::string> read_pieces(const json& file) {
  const json& entries = file.at("model").at("vocab");
  return kind_of(file) == VocabularyKind::kSentencePiece ? unigram_pieces(entries) : wordpiece_pieces(entries);
}

/// What a function makes of the content.
/// \param complaint what is said of the file before the reason
template <typename Function>
auto with_content(const std::filesystem::path& file, const char* complaint, const Function& function) {
  try {
    return function(read_json(read_file(file)));
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
