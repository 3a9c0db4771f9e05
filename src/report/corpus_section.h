#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "report/page.h"

namespace albert::report {

/// What a corpus holds: counts, lengths of documents and sentences, the most frequent pieces, what the vocabulary lacks,
/// and what was left out because it was there twice. Every token is read.
/// \param name for people
/// \param number of the section among those of corpora, for its id
/// Throws DataError for a folder that is no corpus, or a damaged one; ModelError for a damaged tokenizer.
Section corpus_section(const std::filesystem::path& folder, const std::string& name, std::size_t number);

}  // namespace albert::report
