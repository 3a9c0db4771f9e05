#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace albert::corpus {

/// A file of a corpus folder.
struct FileRecord {
  std::string name;  ///< relative to the folder, with "/"
  std::uint64_t size_bytes = 0;
  std::string checksum;  ///< covers the whole file, see base/checksum.h

  bool operator==(const FileRecord&) const = default;
};

/// Size and checksum of a file that lies in the folder now.
/// Throws IoError.
FileRecord record_file(const std::filesystem::path& folder, const std::string& name);

/// What is wrong with a file, read as a whole: its path, what was expected and what was found; empty if nothing is.
/// Throws IoError if it cannot be read; Error when stopped by a signal.
std::string compare(const std::filesystem::path& path, const FileRecord& record);

}  // namespace albert::corpus
