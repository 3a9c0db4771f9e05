#pragma once

#include <cstdint>

#include "corpus/document_stream.h"
#include "corpus/inputs.h"

namespace albert::corpus {

/// Where the first document begins at or behind an offset within a file, told from the bytes there alone: so several
/// programs that cut a file at the same offset find the same place, and what lies before and behind it is read as it
/// would be in one go. The end of the file if none begins there, and for a file that cannot be entered in the middle:
/// a compressed one, running text without a separator, which is one document, and where unreadable files are left out,
/// since what comes before may tell that this one is.
/// \param offset below the file's size; 0 is the file's beginning
/// Throws IoError; UsageError for a separator that is no regular expression.
std::uint64_t find_document_begin(const InputFile& file, std::uint64_t offset, const ReaderOptions& options);

}  // namespace albert::corpus
