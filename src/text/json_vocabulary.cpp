#include "text/json_vocabulary.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/json_problem.h"
#include "text/base64.h"
#include "text/sentencepiece_model.h"
#include "text/special_tokens.h"
#include "text/wordpiece_vocabulary.h"

namespace albert::text {
namespace {

using nlohmann::json;

constexpr const char* kAdvice = "copy the spiece.model or vocab.txt that the tokenizer was made of into the folder";

void check_added_tokens(const json& file, const SpecialSpellings& spellings) {
  for (const json& token : file.value("added_tokens", json::array())) {
    const auto content = token.at("content").get<std::string>();
    if (std::ranges::find(spellings, content) != spellings.end()) continue;
    throw ModelError(
        "expected no added tokens but {}, found '{}', at which Transformers splits a text before the vocabulary sees "
        "it; {}",
        fmt::join(spellings, ", "), content, kAdvice);
  }
}

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
  check_added_tokens(file, kSpecialTokens);
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
          "the piece '{}' has the score {}: expected one lowered by 100, as the published tokenizers have it; {}", text,
          score, kAdvice);
    }
    pieces.push_back({text, *plain_score, type_of(text, score, pieces.size() == unknown)});
  }
  return serialize_unigram(pieces, find_charsmap(file));
}

std::string wordpiece(const json& file) {
  check_added_tokens(file, kWordPieceSpecialTokens);
  WordPieceVocabulary vocabulary{};
  const json& ids = file.at("model").at("vocab");
  for (const auto& [piece, id] : ids.items()) {
    const auto place = id.get<std::size_t>();
    if (place >= std::size_t{1} << 24) throw ModelError("the piece '{}' has the id {}; {}", piece, place, kAdvice);
    vocabulary.pieces.resize(std::max(vocabulary.pieces.size(), place + 1));
    vocabulary.pieces[place] = piece;
  }
  return vocabulary.to_text();
}

JsonVocabulary read(const json& file) {
  const std::string type = file.at("model").at("type").get<std::string>();
  if (type == "Unigram") return {VocabularyKind::kSentencePiece, unigram(file)};
  if (type == "WordPiece") return {VocabularyKind::kWordPiece, wordpiece(file)};
  throw ModelError("its model is {}: expected Unigram (SentencePiece) or WordPiece", type);
}

}  // namespace

JsonVocabulary read_json_vocabulary(const std::filesystem::path& file) {
  try {
    return read(json::parse(read_file(file)));
  } catch (const json::exception& error) {
    throw ModelError("{} is not the file of a tokenizer: {}; {}", file.string(), json_problem(error), kAdvice);
  } catch (const ModelError& error) {
    throw ModelError("{} cannot be used alone: {}", file.string(), error.what());
  }
}

}  // namespace albert::text
