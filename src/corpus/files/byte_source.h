#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "corpus/files/inputs.h"

namespace albert {
class Checksum;
}

namespace albert::corpus {

/// The content of a file from its beginning to its end, decompressed if it is compressed.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// Fills up to `size` bytes at `data`, and returns how many; 0 only at the end.
  /// Throws IoError if the file cannot be read, DataError naming file and offset if it is damaged or truncated.
  virtual std::size_t read(char* data, std::size_t size) = 0;
  /// Bytes taken from the file so far, as they lie on the disk.
  virtual std::uint64_t bytes_read() const = 0;
};

/// Opens a file as it is, or as gzip, Zstandard, xz or bzip2, told by its first bytes.
/// \param checksum takes the bytes as they lie in the file; it outlives the source; null: none does
/// Throws IoError if it cannot be opened; DataError if its name promises a compression that it has not.
std::unique_ptr<ByteSource> open_byte_source(const std::filesystem::path& path, Checksum* checksum = nullptr);

/// A range of a file that is not compressed.
/// Throws IoError.
std::unique_ptr<ByteSource> open_byte_range(const std::filesystem::path& path, ByteRange range);

/// Whether open_byte_source() would decompress a file, or refuse it because it promises a compression.
/// Throws IoError.
bool is_compressed(const std::filesystem::path& path);

/// A file's name without the suffix of a compression: "a.jsonl" of "folder/a.jsonl.gz".
std::filesystem::path uncompressed_name(const std::filesystem::path& path);

}  // namespace albert::corpus
