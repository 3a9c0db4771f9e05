#include "cli/tokenizer_output.h"

#include <string>

#include "base/atomic_folder.h"
#include "base/destination.h"
#include "base/error.h"
#include "base/log.h"
#include "base/output.h"
#include "corpus/store/manifest.h"
#include "text/special_tokens.h"
#include "text/tokenizer.h"
#include "text/tokenizer_files.h"

namespace albert::cli {

namespace {

/// What a folder holds that no tokenizer has.
std::string why_no_tokenizer(const fs::path& folder) {
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool ours = name == text::kModelFile || name == text::kVocabularyFile || name == text::kConfigFile ||
                      name == text::kTokenizerFile || name == text::kSpecialTokensFile;
    if (!ours) return fmt::format("it holds {}, which no tokenizer has", name);
  }
  return "";
}

}  // namespace

void check_tokenizer_output(const Output& output) {
  const fs::path place = destination_of(output.path);
  const bool is_of_corpus = place.filename() == "tokenizer" && fs::exists(place.parent_path() / corpus::kManifestName);
  if (fs::exists(place) && is_of_corpus) {
    throw UsageError("--output {} is the tokenizer of the corpus {}, which was encoded with it; name another folder",
                     output.path.string(), place.parent_path().string());
  }
  check_output_folder(output, "tokenizer", why_no_tokenizer);
}

void write_tokenizer(const text::Tokenizer& tokenizer, AtomicFolder& folder, const fs::path& output) {
  tokenizer.save(folder.temporary());
  folder.commit();
  log_info("wrote a vocabulary of {} pieces to {}", tokenizer.vocabulary_size(), output.string());
}

}  // namespace albert::cli
