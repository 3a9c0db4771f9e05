#pragma once

#include <filesystem>
#include <vector>

#include "corpus/files/inputs.h"
#include "corpus/reading/content_kind.h"
#include "corpus/reading/document_stream.h"

namespace albert::corpus {

/// Looks whether a file can be read in the format.
/// Throws DataError if it holds no text, with kAuto for a layout that is not to be learnt, or with kJsonl for text of
/// another layout. With kText or kLines, by which the user says what the file is, a layout is only logged.
void check_content(const Head& head, const std::filesystem::path& path, InputFormat format);

/// The files less those that cannot be read, judged by their beginnings. Each of those is logged with its reason. Pipes
/// are not looked at.
/// Throws what is wrong with a file, or DataError if several are wrong, unless `options.skip_unreadable`.
std::vector<InputFile> select_readable(const std::vector<InputFile>& files, const ReaderOptions& options);

}  // namespace albert::corpus
