#include "text/tokenizer.h"

#include "base/error.h"
#include "base/file.h"
#include "text/sentencepiece_tokenizer.h"
#include "text/tokenizer_files.h"
#include "text/wordpiece_files.h"
#include "text/wordpiece_tokenizer.h"

namespace albert::text {
namespace {

namespace fs = std::filesystem;

std::shared_ptr<const Tokenizer> open_sentencepiece(const fs::path& file, const TokenizerSettings& settings) {
  SentencePieceModel model = SentencePieceModel::parse(read_file(file), file.string());
  return std::make_shared<SentencePieceTokenizer>(std::move(model), settings, file.string());
}

std::shared_ptr<const Tokenizer> open_wordpiece(const fs::path& file, const WordPieceSettings& settings) {
  return std::make_shared<WordPieceTokenizer>(WordPieceVocabulary::parse(read_file(file), file.string()), settings);
}

std::shared_ptr<const Tokenizer> open_folder(const fs::path& folder) {
  const bool has_model = fs::exists(folder / kModelFile);
  const bool has_vocabulary = fs::exists(folder / kVocabularyFile);
  if (has_model && has_vocabulary) {
    throw ModelError("{} holds both {} and {}; remove the one that does not belong to the model", folder.string(),
                     kModelFile, kVocabularyFile);
  }
  if (has_model) return open_sentencepiece(folder / kModelFile, read_tokenizer_settings(folder));
  if (has_vocabulary) return open_wordpiece(folder / kVocabularyFile, read_wordpiece_settings(folder));
  const bool has_only_json = fs::exists(folder / kTokenizerFile);
  throw ModelError(
      "{} holds no {} and no {}; expected a tokenizer or model folder, or the path of a SentencePiece model or a "
      "WordPiece vocabulary{}",
      folder.string(), kModelFile, kVocabularyFile,
      has_only_json ? ". Transformers leaves them out when it saves: copy the one that the tokenizer was made of" : "");
}

}  // namespace

std::shared_ptr<const Tokenizer> Tokenizer::open(const fs::path& path) {
  if (!fs::exists(path)) {
    throw ModelError("there is no tokenizer at {}; expected a folder with {} or {}, or such a file", path.string(),
                     kModelFile, kVocabularyFile);
  }
  if (fs::is_directory(path)) return open_folder(path);
  if (path.extension() == ".txt") return open_wordpiece(path, {});
  return open_sentencepiece(path, {});
}

}  // namespace albert::text
