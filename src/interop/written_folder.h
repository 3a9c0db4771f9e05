#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// Folders that a command writes for other programs. A note in them, albert_cpp.json, says which command did, and what
/// it wrote, so that --overwrite replaces nothing else: such a folder looks like any model folder of Transformers.
namespace albert::interop {

/// Notes in a folder that a command writes all that is in it. Call it last.
/// \param command "export"
void mark_as_written(const std::filesystem::path& folder, std::string_view command);

using Commands = std::vector<std::string_view>;

/// Why --overwrite must not replace a folder: another command wrote it, or something is in it, at whatever depth, that
/// the command did not write. Empty if it may.
/// \param commands whose results may be replaced, beginning with the one that is to write
std::string why_not_written(const std::filesystem::path& folder, const Commands& commands);

/// Throws UsageError if a folder that is written is one that is read, or holds the file that is.
void require_other_folder(const std::filesystem::path& output, const std::filesystem::path& read);

}  // namespace albert::interop
