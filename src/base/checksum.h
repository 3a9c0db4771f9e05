#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace albert {

namespace fs = std::filesystem;

/// 128-bit XXH3 of a stream of bytes: finds any flipped, missing or added byte; not a defence against an adversary.
class Checksum {
 public:
  Checksum();
  ~Checksum();
  Checksum(Checksum&&) noexcept;
  Checksum& operator=(Checksum&&) noexcept;

  void update(std::string_view bytes);
  /// The checksum of what was given so far, as 32 hexadecimal digits.
  std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string checksum_of(std::string_view bytes);
/// The checksum of a whole file. Reads the file in pieces: memory does not grow with its size.
/// Throws IoError.
std::string checksum_of_file(const fs::path& path);

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4), which zlib lacks: its crc32() is the CRC-32 of zip and gzip.
std::uint32_t crc32c(std::string_view bytes);

/// The checksum of TFRecord, LevelDB's tables and TensorFlow's checkpoints: CRC-32C, rotated and offset so that data which holds its own checksum is no special case.
std::uint32_t masked_crc32c(std::string_view bytes);

}  // namespace albert
