#pragma once

#include <cstdint>
#include <optional>

#include "corpus/files/inputs.h"
#include "corpus/reading/reader_options.h"

namespace albert::corpus {

/// Where the first document begins within a range of a file, told from the bytes there alone: so several programs that
/// look from the same place find the same document, and what lies before and behind it is read as it would be in one
/// go. Nothing if none begins in the range; none does in a file that cannot be entered in the middle: a compressed one,
/// running text without a separator, which is one document, and where unreadable files are left out, since what comes
/// before may tell that this one is. Reads little beyond the range.
/// \param range begins below the file's size; 0 is the file's beginning, where a document begins
/// Throws IoError; UsageError for a separator that is no regular expression.
std::optional<std::uint64_t> find_document_begin(const InputFile& file, const ByteRange& range,
                                                 const ReaderOptions& options);

}  // namespace albert::corpus
