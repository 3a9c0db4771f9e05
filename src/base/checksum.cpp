#include "base/checksum.h"

#include <spdlog/fmt/fmt.h>
#include <xxhash.h>

#include "base/file.h"

namespace albert {

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

}  // namespace albert
