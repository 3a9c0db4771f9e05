#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace albert {

namespace fs = std::filesystem;

/// The whole file as bytes.
/// Throws IoError.
std::string read_file(const fs::path& path);

/// Calls `consume` with successive pieces of the file.
/// Throws IoError.
void for_each_piece(const fs::path& path, const std::function<void(std::string_view)>& consume);

/// A file being written. Every failed call throws IoError with the path and the system's reason; nothing is silently
/// short.
class FileWriter {
 public:
  enum class Mode { kTruncate, kAppend };

  explicit FileWriter(fs::path path, Mode mode = Mode::kTruncate);
  ~FileWriter();  ///< closes without checking: call close() to know that the bytes are on the disk
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  void write(std::string_view bytes);
  /// Hands buffered bytes to the system, where other processes see them.
  void flush();
  /// Flushes, syncs to the disk and closes.
  void close();

  std::uint64_t size_bytes() const { return size_bytes_; }  ///< written through this object
  const fs::path& path() const { return path_; }

 private:
  void write_through(std::string_view bytes);

  fs::path path_;
  int descriptor_ = -1;
  std::string buffer_;
  std::uint64_t size_bytes_ = 0;
};

}  // namespace albert
