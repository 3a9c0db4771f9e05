#include "text/tokenizer.h"

#include "base/error.h"
#include "base/file.h"
#include "text/sentencepiece_tokenizer.h"
#include "text/tokenizer_files.h"

namespace albert::text {
namespace {

std::filesystem::path model_file_in(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kModelFile;
  if (std::filesystem::exists(file)) return file;
  throw ModelError("{} holds no {}; expected a tokenizer or model folder, or the path of a SentencePiece model",
                   folder.string(), kModelFile);
}

}  // namespace

std::shared_ptr<const Tokenizer> Tokenizer::open(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) {
    throw ModelError("there is no tokenizer at {}; expected a folder with {}, or such a file", path.string(),
                     kModelFile);
  }
  const bool is_folder = std::filesystem::is_directory(path);
  const std::filesystem::path file = is_folder ? model_file_in(path) : path;
  const TokenizerSettings settings = is_folder ? read_tokenizer_settings(path) : TokenizerSettings{};
  SentencePieceModel model = SentencePieceModel::parse(read_file(file), file.string());
  return std::make_shared<SentencePieceTokenizer>(std::move(model), settings, file.string());
}

}  // namespace albert::text
