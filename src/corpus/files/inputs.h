#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace albert::corpus {

/// The bytes `begin` to `end`-1 of a file.
struct ByteRange {
  std::uint64_t begin = 0;
  std::uint64_t end = std::numeric_limits<std::uint64_t>::max();

  std::uint64_t size() const { return end - begin; }
  bool operator==(const ByteRange&) const = default;
};

/// A file to read.
struct InputFile {
  std::filesystem::path path;
  /// On the disk. A pipe has none; nor has what this process was given open, as standard input, for it comes once, and
  /// only its giver knows what it is.
  std::optional<std::uint64_t> size_bytes = std::nullopt;
  std::uint32_t number = 1;                       ///< its place among the files of the input, from 1
  std::optional<ByteRange> range = std::nullopt;  ///< what is read of it; nothing: all

  bool ends_in_range() const { return !range || range->end == size_bytes; }
};

/// What a user names as input.
struct InputOptions {
  // NOLINTBEGIN(readability-redundant-member-init): so that a designated initializer may leave them out.
  std::vector<std::string> paths{};  ///< files, folders, patterns; "@FILE": a list of such, one a line
  /// Of a folder, read only files that match one of these patterns; empty: all. A pattern with a "/" is compared with
  /// the path within the folder, another one with the name; `*` and `?` match "/", too.
  std::vector<std::string> include{};
  std::vector<std::string> exclude{};  ///< of a folder, leave out files and folders that match one of these
  // NOLINTEND(readability-redundant-member-init)
};

/// What was found of it.
struct Inputs {
  std::vector<InputFile> files;
  std::vector<std::filesystem::path> folders;  ///< that were named, and read
};

/// The files that the options name, in the order of the paths: a file itself, a folder's files (recursively, in the
/// order of their paths, without hidden ones), the matches of a pattern with `*`, `?` or `[...]` in order. A file named
/// twice is read once. What a folder holds that cannot be opened (a link that leads nowhere, a folder without
/// permission) is among them, so that whoever opens them tells of it. A list ("@FILE") is read once: it may be a pipe.
/// Throws IoError for a path that names nothing, naming it; UsageError for an address such as s3://...; DataError if no
/// file was found at all; UsageError if there is no folder to select files of.
Inputs discover_inputs(const InputOptions& options);

/// Throws UsageError for an output folder that lies in a folder that is read, since it would be read as text next time,
/// and for a file of the output folder among those that are read.
void require_apart(const std::filesystem::path& output, const Inputs& inputs);

}  // namespace albert::corpus
