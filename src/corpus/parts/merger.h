#pragma once

#include <filesystem>
#include <vector>

#include "corpus/parts/part_folders.h"
#include "corpus/store/manifest.h"

namespace albert::text {
class Tokenizer;
}

namespace albert::corpus {

/// Puts a corpus together from all its parts: the bytes that build_corpus() writes for the same input and options.
/// Memory is bounded whatever the parts hold.
/// \param parts as find_parts() gives them
/// \param tokenizer the one that lies in each part
/// Throws UsageError for an output folder that exists; DataError for a part that is damaged, and for input that one
/// build would have refused; IoError; Error with the exit code 128 + signal when stopped by a signal.
Manifest merge_corpus(const std::vector<FoundPart>& parts, const std::filesystem::path& output, bool overwrite,
                      const text::Tokenizer& tokenizer);

}  // namespace albert::corpus
