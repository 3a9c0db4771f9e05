#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace albert::corpus {

/// A file to read.
struct InputFile {
  std::filesystem::path path;
  std::optional<std::uint64_t> size_bytes;  ///< on the disk; a pipe has none
};

/// The files that arguments name, in the order of the arguments: a file itself, a folder's files (recursively, in the
/// order of their paths, without hidden ones), the matches of a pattern with `*`, `?` or `[...]` in order. A file named
/// twice is read once.
/// Throws IoError for an argument that names nothing, naming it; DataError if no file was found at all.
std::vector<InputFile> discover_inputs(std::span<const std::string> arguments);

}  // namespace albert::corpus
