#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/checksum.h"
#include "base/descriptor.h"
#include "base/file.h"
#include "corpus/store/file_record.h"

/// Files of records of one size, as they lie in memory: what a build keeps for its end, or for a merge.
namespace albert::corpus {

template <typename Record>
std::string_view bytes_of(const Record& record) {
  static_assert(std::has_unique_object_representations_v<Record>);  // no byte of it is undefined
  return {reinterpret_cast<const char*>(&record), sizeof record};
}

/// Writes a file along with its checksum. Throws IoError.
class CheckedWriter {
 public:
  CheckedWriter(const std::filesystem::path& folder, std::string name)
      : record_{.name = std::move(name), .size_bytes = 0, .checksum = {}}, file_(folder / record_.name) {}

  void write(std::string_view bytes) {
    file_.write(bytes);
    checksum_.update(bytes);
  }

  /// Completes the file.
  FileRecord finish() {
    file_.flush();
    record_.size_bytes = file_.size_bytes();
    record_.checksum = checksum_.hex();
    return record_;
  }

 private:
  FileRecord record_;
  FileWriter file_;
  Checksum checksum_;
};

/// Reads any places of a file. Throws IoError; DataError if the file ends before.
class FileAccess {
 public:
  explicit FileAccess(std::filesystem::path path);

  void read(std::uint64_t offset, char* data, std::size_t size) const;
  std::uint64_t size_bytes() const { return size_bytes_; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  Descriptor descriptor_;
  std::uint64_t size_bytes_ = 0;
};

/// Reads a file of bytes from a place on, in large pieces. Throws as FileAccess.
class ByteReader {
 public:
  explicit ByteReader(std::filesystem::path path, std::size_t buffer_bytes = 1 << 20)
      : file_(std::move(path)), buffer_(buffer_bytes, '\0') {}

  bool at_end() const { return offset_ == file_.size_bytes(); }
  void read(char* data, std::size_t size);
  template <typename Record>
  Record read_record() {
    static_assert(std::is_trivially_copyable_v<Record>);
    Record record;
    read(reinterpret_cast<char*>(&record), sizeof record);
    return record;
  }
  std::uint64_t offset() const { return offset_; }

 private:
  FileAccess file_;
  std::string buffer_;
  std::string_view left_;  ///< of the buffer
  std::uint64_t offset_ = 0;
};

/// The records of a file in their order.
template <typename Record>
class RecordReader {
 public:
  explicit RecordReader(std::filesystem::path path) : bytes_(std::move(path), std::size_t{256} << 10) {}

  std::optional<Record> next() {
    if (bytes_.at_end()) return std::nullopt;
    return bytes_.read_record<Record>();
  }

 private:
  ByteReader bytes_;
};

}  // namespace albert::corpus
