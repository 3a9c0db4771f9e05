#include "base/checksum.h"

#include <array>

#include <spdlog/fmt/fmt.h>
#include <xxhash.h>

#include "base/file.h"
#include "base/little_endian.h"

namespace albert {

namespace {

constexpr std::size_t kCrcStep = 8;
using CrcTables = std::array<std::array<std::uint32_t, 256>, kCrcStep>;

/// By the value of a byte, for the reflected polynomial 0x82F63B78: table i is for a byte with i more bytes behind it, so that
/// a step may take eight bytes at once.
constexpr CrcTables make_tables() {
  CrcTables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0x82F63B78u : 0u);
    tables[0][byte] = value;
  }
  for (std::size_t i = 1; i < kCrcStep; ++i) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = tables[i - 1][byte];
      tables[i][byte] = tables[0][before & 0xFF] ^ (before >> 8);
    }
  }
  return tables;
}

}  // namespace

struct Checksum::State {
  XXH3_state_t* xxh3 = XXH3_createState();
  State() { XXH3_128bits_reset(xxh3); }
  ~State() { XXH3_freeState(xxh3); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

Checksum::Checksum() : state_(std::make_unique<State>()) {}
Checksum::~Checksum() = default;
Checksum::Checksum(Checksum&&) noexcept = default;
Checksum& Checksum::operator=(Checksum&&) noexcept = default;

void Checksum::update(std::string_view bytes) {
  XXH3_128bits_update(state_->xxh3, bytes.data(), bytes.size());
}

std::string Checksum::hex() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(state_->xxh3);
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

std::string checksum_of(std::string_view bytes) {
  Checksum checksum;
  checksum.update(bytes);
  return checksum.hex();
}

std::string checksum_of_file(const fs::path& path) {
  Checksum checksum;
  for_each_piece(path, [&](std::string_view piece) { checksum.update(piece); });
  return checksum.hex();
}

std::uint32_t crc32c(std::string_view bytes) {
  static constexpr CrcTables kTables = make_tables();
  std::uint32_t crc = ~0u;
  for (; bytes.size() >= kCrcStep; bytes.remove_prefix(kCrcStep)) {
    const std::uint64_t step = crc ^ little_endian(bytes.substr(0, kCrcStep));
    crc = 0;
    for (std::size_t i = 0; i < kCrcStep; ++i) crc ^= kTables[kCrcStep - 1 - i][step >> 8 * i & 0xFF];
  }
  for (const char byte : bytes) crc = kTables[0][(crc ^ static_cast<unsigned char>(byte)) & 0xFF] ^ (crc >> 8);
  return ~crc;
}

std::uint32_t masked_crc32c(std::string_view bytes) {
  const std::uint32_t crc = crc32c(bytes);
  return ((crc >> 15) | (crc << 17)) + 0xA282EAD8u;
}

}  // namespace albert
