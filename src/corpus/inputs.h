#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace albert::corpus {

/// A file to read.
struct InputFile {
  std::filesystem::path path;
  std::optional<std::uint64_t> size_bytes;  ///< on the disk; a pipe has none
};

/// What a user names as input.
struct InputOptions {
  // NOLINTBEGIN(readability-redundant-member-init): so that a designated initializer may leave them out.
  std::vector<std::string> paths{};  ///< files, folders, patterns
  /// Of a folder, read only files that match one of these patterns; empty: all. A pattern with a "/" is compared with
  /// the path within the folder, another one with the name; `*` and `?` match "/", too.
  std::vector<std::string> include{};
  std::vector<std::string> exclude{};  ///< of a folder, leave out files and folders that match one of these
  // NOLINTEND(readability-redundant-member-init)
};

/// The files that the options name, in the order of the paths: a file itself, a folder's files (recursively, in the
/// order of their paths, without hidden ones), the matches of a pattern with `*`, `?` or `[...]` in order. A file named
/// twice is read once. What a folder holds that cannot be opened (a link that leads nowhere, a folder without
/// permission) is among them, so that whoever opens them tells of it.
/// Throws IoError for a path that names nothing, naming it; DataError if no file was found at all; UsageError if there
/// is no folder to select files of.
std::vector<InputFile> discover_inputs(const InputOptions& options);

/// Throws UsageError for an output folder that lies in a folder that is read, since it would be read as text next time,
/// and for a file of the output folder among those that are read.
/// \param files that the options name
void require_apart(const std::filesystem::path& output, const InputOptions& options,
                   const std::vector<InputFile>& files);

}  // namespace albert::corpus
