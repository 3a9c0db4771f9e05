#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace albert::interop {

/// Notes in a model folder which command wrote it, in a file of its own: config.json goes on to models that others make
/// of it. Only such a folder is replaced by the same command.
/// \param command "export"
/// Throws IoError.
void mark_as_written(const std::filesystem::path& folder, std::string_view command);

/// Why a folder is not replaced by a command; empty if the command wrote it, and nothing else lies in it. For
/// check_output_folder().
std::string why_not_written(const std::filesystem::path& folder, std::string_view command);

/// Throws UsageError for an output that is the model which is read.
void require_other_folder(const std::filesystem::path& output, const std::filesystem::path& model);

}  // namespace albert::interop
