#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

namespace albert {

namespace fs = std::filesystem;

/// A file mapped for reading. Empty files map to an empty span.
///
/// Another process may cut the file short, or its disk fail: a read of what is gone raises SIGBUS, for which the first
/// object installs a handler.
class MappedFile {
 public:
  /// What comes of a read of what is gone.
  enum class OnLoss {
    kEndProcess,  ///< a message names the file and what happened, and the exit code is ExitCode::kIo
    kReadZeros,   ///< zeros are read, and check() throws from then on: whoever reads has to ask it
  };

  explicit MappedFile(fs::path path, OnLoss on_loss = OnLoss::kEndProcess);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  std::span<const std::byte> bytes() const { return {data_, size_}; }
  std::string_view text() const { return {reinterpret_cast<const char*>(data_), size_}; }
  const fs::path& path() const { return path_; }
  /// Throws IoError if not all that was read so far was the file's. Of kReadZeros.
  void check() const;

 private:
  struct Region;

  fs::path path_;
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::unique_ptr<Region> region_;
};

}  // namespace albert
