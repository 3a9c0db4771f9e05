#pragma once

#include <filesystem>
#include <string_view>

#include "tasks/text/format.h"
#include "tasks/text/record.h"

namespace albert::tasks {

/// The format that the end of a file's name stands for: CSV, JSON lines, else TSV without quoting.
RowFormat row_format_by_name(const std::filesystem::path& path);

/// Reads a file of texts. \param need_labels the file has to say what is right; otherwise it may
/// Throws IoError; DataError naming file and line, what was expected and what was found.
TextFile read_texts(const std::filesystem::path& path, const TextFormat& format, bool need_labels);

/// The same for the content of a file, which is in UTF-8. \param file its name, for messages
TextFile parse_texts(std::string_view content, const TextFormat& format, bool need_labels, const std::string& file);

}  // namespace albert::tasks
