#pragma once

#include <filesystem>
#include <vector>

#include "corpus/store/manifest.h"

namespace albert::text {
class Tokenizer;
}

namespace albert::corpus {

/// Saves a tokenizer in a folder, under kTokenizerFolder.
/// \return its files
/// Throws IoError.
std::vector<FileRecord> put_tokenizer(const std::filesystem::path& folder, const text::Tokenizer& tokenizer);

/// Copies the tokenizer of another folder, where put_tokenizer() had saved it: the files that are recorded, and no others
/// that came to lie beside them.
/// \param files of the other folder, names as in it
/// \return those of the tokenizer
/// Throws IoError, DataError for a file that is not the recorded one.
std::vector<FileRecord> copy_tokenizer(const std::filesystem::path& from, const std::vector<FileRecord>& files,
                                       const std::filesystem::path& folder);

}  // namespace albert::corpus
