#include "cli/tokenizer_output.h"

#include <string>

#include "base/atomic_folder.h"
#include "base/destination.h"
#include "base/error.h"
#include "base/log.h"
#include "base/output.h"
#include "corpus/store/manifest.h"
#include "text/tokenizer.h"
#include "text/tokenizer_files.h"

namespace albert::cli {

OutputFolder tokenizer_output(const Output& output) {
  const fs::path place = destination_of(output.path);
  const bool is_of_corpus = place.filename() == "tokenizer" && fs::exists(place.parent_path() / corpus::kManifestName);
  if (fs::exists(place) && is_of_corpus) {
    throw UsageError("--output {} is the tokenizer of the corpus {}, which was encoded with it; name another folder",
                     output.path.string(), place.parent_path().string());
  }
  OutputFolder folder{output.path, output.overwrite, "tokenizer", text::why_no_tokenizer};
  folder.check();
  return folder;
}

void write_tokenizer(const text::Tokenizer& tokenizer, AtomicFolder& folder, const fs::path& output) {
  tokenizer.save(folder.temporary());
  folder.commit();
  log_info("wrote a vocabulary of {} pieces to {}", tokenizer.vocabulary_size(), output.string());
}

}  // namespace albert::cli
