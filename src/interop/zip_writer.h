#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace albert::interop {

/// A zip archive under construction, its files kept as they are, without compression (PKWARE APPNOTE 6.3.10).
class ZipWriter {
 public:
  using Write = std::function<void(std::string_view)>;

  /// \param write gets the archive piece by piece
  explicit ZipWriter(Write write) : write_(std::move(write)) {}

  /// Throws ModelError where the archive becomes larger than 4 GiB.
  void add(const std::string& name, std::string_view bytes);
  /// Writes the table of contents, which ends the archive.
  void finish();

 private:
  void write(std::string_view bytes);

  Write write_;
  std::uint64_t size_ = 0;
  std::string contents_;
  std::uint16_t num_files_ = 0;
};

}  // namespace albert::interop
