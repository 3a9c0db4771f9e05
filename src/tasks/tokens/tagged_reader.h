#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tasks/tokens/tagged_text.h"

namespace albert::tasks {

/// Reads a file of tagged words, whose tags may be of any scheme (IOB1, BIO, BIOES, parts of speech).
/// \param need_tags the file has to have tags; otherwise it may
/// Throws IoError; DataError naming file and line, what was expected and what was found.
TaggedFile read_tagged(const std::filesystem::path& path, const TagFormat& format, bool need_tags);

/// The same for the content of a file, which is in UTF-8. \param file its name, which decides by its ending if the
/// format leaves it open
TaggedFile parse_tagged(std::string_view content, const TagFormat& format, bool need_tags, const std::string& file);

/// Takes sentences from a file, with their lines, the comments before them and the blank line after them.
/// \param is_kept [sentences]
void keep_sentences(TaggedFile& file, const std::vector<bool>& is_kept);

}  // namespace albert::tasks
