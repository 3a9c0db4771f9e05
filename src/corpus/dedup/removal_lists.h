#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "corpus/dedup/repeated_lines.h"
#include "corpus/store/manifest.h"

namespace albert::text {
class Tokenizer;
}

namespace albert::corpus {

/// Names of the lists in a corpus folder: columns with a tab between them, and a line with their names.
inline constexpr std::string_view kDuplicatesList = "duplicates.tsv";
inline constexpr std::string_view kRepeatedLinesList = "repeated-lines.tsv";

/// Writes which documents were left out, each with the one that it is like.
/// \param duplicates a file that find_duplicates() wrote of the documents of the spools
/// \param scratch a folder for files that are removed again
/// \return the first kMaxDuplicatesInManifest
/// Throws IoError, DataError.
std::vector<DuplicateRecord> write_duplicates_list(const std::filesystem::path& folder,
                                                   const std::filesystem::path& duplicates,
                                                   const std::vector<std::filesystem::path>& spools,
                                                   const std::filesystem::path& scratch);

/// Writes which lines were dropped most often: in how many documents they stand, and their words as the tokenizer
/// knows them.
/// Throws IoError.
void write_repeated_lines_list(const std::filesystem::path& folder, const RepeatedLines& lines,
                               const text::Tokenizer& tokenizer);

}  // namespace albert::corpus
