#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace albert::checkpoint {

/// A file in a zip archive.
struct ZipEntry {
  std::string name;                  ///< with its folders: "archive/data/0"
  std::span<const std::byte> bytes;  ///< in the archive
};

/// The files of a zip archive that keeps them as they are, as PyTorch's are (PKWARE APPNOTE 6.3.10, with the extensions
/// for more than 4 GiB). Every place and size is checked, that no two files overlap, and the checksum of each.
/// \param archive outlives the result
/// \param path of the archive, for messages
/// Throws ModelError naming the file and what is wrong: no archive, one that is cut off, a file that is compressed or
/// encrypted, a name that occurs twice.
std::vector<ZipEntry> read_zip(std::span<const std::byte> archive, const std::filesystem::path& path);

}  // namespace albert::checkpoint
