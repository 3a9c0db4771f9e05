#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/checksum.h"
#include "base/descriptor.h"
#include "base/whole_read.h"
#include "corpus/files/byte_source.h"
#include "corpus/files/inputs.h"

namespace albert::corpus {

/// A file as it is, or a range of it. Reading from a pipe ends with an Error of the exit code 128 + signal where a
/// StopRequest has one.
class FileSource : public ByteSource {
 public:
  /// \param range of a regular file; a pipe is read as a whole
  /// \param checksum takes what is read; it outlives this object; null: none does
  explicit FileSource(std::filesystem::path path, ByteRange range = {}, Checksum* checksum = nullptr);
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  std::size_t read(char* data, std::size_t size) override;
  std::uint64_t bytes_read() const override { return bytes_read_; }

  /// The file's first bytes, which read() will still give; fewer than kPeekBytes only if the file is shorter. Before
  /// the first read().
  std::string_view peek();
  static constexpr std::size_t kPeekBytes = 16;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::size_t read_descriptor(char* data, std::size_t size);

  std::filesystem::path path_;
  Descriptor descriptor_;
  WholeRead whole_;
  std::uint64_t left_;  ///< of the range
  Checksum* checksum_;
  std::string peeked_;
  std::uint64_t bytes_read_ = 0;  ///< given out
  bool has_told_ = false;         ///< that it waits
};

}  // namespace albert::corpus
