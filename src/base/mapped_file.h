#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace albert {

namespace fs = std::filesystem;

/// A file mapped for reading. Empty files map to an empty span.
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
  fs::path path_;
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace albert
