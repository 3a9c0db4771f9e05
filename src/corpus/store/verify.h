#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace albert::corpus {

/// What verify() found.
struct Verification {
  std::uint64_t num_files = 0;   ///< read
  std::uint64_t size_bytes = 0;  ///< read
  /// One message per damaged, missing or unknown file: its path, what was expected and what was found. Empty: every
  /// byte is as it was written.
  std::vector<std::string> problems;
};

/// Reads every byte of a corpus and compares it with the manifest. Finds all damaged files, not only the first.
/// Throws DataError if the folder has no manifest, IoError if a file cannot be read.
Verification verify(const std::filesystem::path& folder);

}  // namespace albert::corpus
