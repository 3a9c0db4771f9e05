#pragma once

#include "corpus/building/build_options.h"
#include "corpus/store/manifest.h"

namespace albert::text {
class Tokenizer;
}

namespace albert::corpus {

/// Reads text, splits it into sentences, encodes them, and writes a corpus folder with a copy of the tokenizer. The
/// folder appears whole, or (after any failure, or SIGINT) not at all; its bytes do not depend on the number of
/// threads. Memory is bounded whatever the input.
///
/// A document is held out if the hash of its first block (see TextBlock) falls under the share, so that it stays where
/// it is when the input grows. If none does, the one with the smallest hash is; but the split that is trained on is
/// never left empty. The same goes for a section of kSectionBytes; what comes before and after it in its document are
/// two documents then.
///
/// Where duplicates or repeated lines are left out, all documents lie encoded beside the corpus until its end. What is
/// held out is decided by the text as it was read.
///
/// \return what manifest.json holds
/// Throws UsageError for options that do not fit, and for an output folder that exists; IoError, DataError for the
/// input, see DocumentStream; IoError if the corpus cannot be written; Error with the exit code 128 + signal when
/// stopped by a signal.
Manifest build_corpus(const BuildOptions& options, const text::Tokenizer& tokenizer);

}  // namespace albert::corpus
