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
/// If another process cuts the file short, or its disk fails, a read of what is gone ends this process (SIGBUS): the first
/// object sees to it that a message names the file and what happened, and that the exit code is ExitCode::kIo.
class MappedFile {
 public:
  explicit MappedFile(fs::path path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  std::span<const std::byte> bytes() const { return {data_, size_}; }
  std::string_view text() const { return {reinterpret_cast<const char*>(data_), size_}; }
  const fs::path& path() const { return path_; }

 private:
  struct Region;

  fs::path path_;
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::unique_ptr<Region> region_;
};

}  // namespace albert
