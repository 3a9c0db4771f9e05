#pragma once

#include <filesystem>
#include <vector>

#include "corpus/store/manifest.h"

namespace albert::text {
class Tokenizer;
}

namespace albert::corpus {

/// Puts a copy of a tokenizer into a folder, under kTokenizerFolder.
/// \param source the folder that is copied; empty: the tokenizer is saved anew
/// \return the files of the copy
/// Throws IoError, std::filesystem::filesystem_error.
std::vector<FileRecord> put_tokenizer(const std::filesystem::path& folder, const text::Tokenizer& tokenizer,
                                      const std::filesystem::path& source = {});

}  // namespace albert::corpus
