#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "corpus/assembly.h"
#include "corpus/document_stream.h"
#include "corpus/inputs.h"
#include "corpus/manifest.h"

namespace albert::text {
class Tokenizer;
}

namespace albert::corpus {

/// What a corpus is built of, and how.
struct BuildOptions {
  InputOptions inputs;
  std::filesystem::path output;  ///< the corpus folder
  ReaderOptions reader;          ///< of which the size of blocks is not used
  std::string language = "en";   ///< the ISO 639 code decides where sentences end; no effect on kLines
  AssemblySettings assembly;     ///< what is held out, and left out
  std::size_t num_threads = 0;   ///< that split and encode; 0: as many as there are cores
  bool overwrite = false;        ///< replace the corpus that lies at `output`
};

/// About how large a section is that is held out: a few thousand tokens, more than any example has.
inline constexpr std::size_t kSectionBytes = 16 << 10;

/// Reads text, splits it into sentences, encodes them, and writes a corpus folder with a copy of the tokenizer. The
/// folder appears whole, or (after any failure, or SIGINT) not at all; its bytes do not depend on the number of
/// threads. Memory is bounded whatever the input.
///
/// A document is held out if the hash of its first block (see TextBlock) falls under the share, so that it stays where
/// it is when the input grows. If none does, the one with the smallest hash is; but the part that is trained on is
/// never left empty. Where duplicates or repeated lines are left out, all documents lie encoded beside the corpus until
/// its end; the hash stays that of the text as it was read. The same goes for a section of kSectionBytes; what comes before and after it in its document are
/// two documents then.
///
/// \return what manifest.json holds
/// Throws UsageError for options that do not fit, and for an output folder that exists; IoError, DataError for the
/// input, see DocumentStream; IoError if the corpus cannot be written; Error with the exit code 128 + signal when
/// stopped by a signal.
Manifest build_corpus(const BuildOptions& options, const text::Tokenizer& tokenizer);

}  // namespace albert::corpus
