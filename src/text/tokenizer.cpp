#include "text/tokenizer.h"

#include <algorithm>

#include "base/error.h"
#include "base/file.h"
#include "base/link.h"
#include "text/added_token_files.h"
#include "text/extended_tokenizer.h"
#include "text/json_vocabulary.h"
#include "text/sentencepiece_tokenizer.h"
#include "text/tokenizer_files.h"
#include "text/unreachable_pieces.h"
#include "text/wordpiece_files.h"
#include "text/wordpiece_tokenizer.h"

namespace albert::text {

namespace {

namespace fs = std::filesystem;

std::shared_ptr<const VocabularyTokenizer> make_sentencepiece(std::string bytes, const TokenizerSettings& settings,
                                                              const fs::path& file) {
  SentencePieceModel model = SentencePieceModel::parse(std::move(bytes), file.string());
  return std::make_shared<SentencePieceTokenizer>(std::move(model), settings, file.string());
}

std::shared_ptr<const VocabularyTokenizer> make_wordpiece(std::string_view text, const WordPieceSettings& settings,
                                                          const fs::path& file) {
  return std::make_shared<WordPieceTokenizer>(WordPieceVocabulary::parse(text, file.string()), settings);
}

std::shared_ptr<const VocabularyTokenizer> open_json(const fs::path& folder) {
  const fs::path file = folder / kTokenizerFile;
  JsonVocabulary vocabulary = read_json_vocabulary(file);
  if (vocabulary.kind == VocabularyKind::kWordPiece) {
    return make_wordpiece(vocabulary.bytes, read_wordpiece_settings(folder), file);
  }
  return make_sentencepiece(std::move(vocabulary.bytes), read_tokenizer_settings(folder), file);
}

/// The SentencePiece model of a folder: spiece.model, or the only one there is, as 30k-clean.model beside Google's
/// checkpoints; in TF-Hub's modules it lies in `assets`. The usual name if there is none.
fs::path find_model(const fs::path& folder) {
  if (is_there(folder / kModelFile) || is_there(folder / kVocabularyFile)) return folder / kModelFile;
  for (const fs::path& place : {folder, folder / "assets"}) {
    std::vector<fs::path> found;
    std::error_code is_no_folder;
    for (const auto& entry : fs::directory_iterator(place, is_no_folder)) {
      if (entry.path().extension() == ".model") found.push_back(entry.path());
    }
    if (found.size() == 1) return found.front();
  }
  return folder / kModelFile;
}

std::shared_ptr<const VocabularyTokenizer> open_vocabulary(const fs::path& folder) {
  const fs::path model = find_model(folder);
  const bool has_model = is_there(model);
  const bool has_vocabulary = is_there(folder / kVocabularyFile);
  if (has_model && has_vocabulary) {
    throw ModelError("{} holds both {} and {}; remove the one that does not belong to the model", folder.string(),
                     kModelFile, kVocabularyFile);
  }
  const bool has_json = is_there(folder / kTokenizerFile);
  if (!has_model && !has_vocabulary && has_json) return open_json(folder);
  if (!has_model && !has_vocabulary) {
    throw ModelError(
        "{} holds no {}, {} or {}; expected a tokenizer or model folder, or the path of a SentencePiece model or a "
        "WordPiece vocabulary",
        folder.string(), kModelFile, kVocabularyFile, kTokenizerFile);
  }
  const fs::path file = has_model ? model : folder / kVocabularyFile;
  const auto tokenizer = has_model ? make_sentencepiece(read_file(file), read_tokenizer_settings(folder), file)
                                   : make_wordpiece(read_file(file), read_wordpiece_settings(folder), file);
  if (has_json) check_same_pieces(folder / kTokenizerFile, *tokenizer, file);
  return tokenizer;
}

std::shared_ptr<const Tokenizer> open_folder(const fs::path& folder) {
  auto vocabulary = open_vocabulary(folder);
  if (!is_there(folder / kConfigFile)) warn_of_unreachable_pieces(*vocabulary, folder);
  std::vector<AddedToken> added = read_added_tokens(folder, *vocabulary);
  if (!lists_added_tokens(folder)) {
    for (const AddedToken& symbol : vocabulary->verbatim_symbols()) {
      if (std::ranges::find(added, symbol.id, &AddedToken::id) == added.end()) added.push_back(symbol);
    }
  }
  return with_added_tokens(std::move(vocabulary), std::move(added));
}

}  // namespace

void Tokenizer::encode(std::string_view text, std::vector<std::int32_t>& ids) const {
  for (const Piece& piece : encode_with_offsets(text, SpecialTokens::kAsText)) ids.push_back(piece.id);
}

std::shared_ptr<const Tokenizer> Tokenizer::open(const fs::path& path) {
  const fs::path place = follow_link(path);  // `latest` of a run's checkpoints
  if (!is_there(place)) {
    throw ModelError("there is no tokenizer at {}; expected a folder with {} or {}, or such a file", place.string(),
                     kModelFile, kVocabularyFile);
  }
  if (fs::is_directory(place)) return open_folder(place);
  const auto vocabulary = place.extension() == ".txt" ? make_wordpiece(read_file(place), {}, place)
                                                      : make_sentencepiece(read_file(place), {}, place);
  warn_of_unreachable_pieces(*vocabulary, place);
  return with_verbatim_symbols(vocabulary);
}

}  // namespace albert::text
