#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

namespace albert {

/// 64-bit XXH3: the same on every machine.
std::uint64_t hash64_of(std::string_view bytes);

/// 128 bits, by which texts are told to be equal.
struct Hash128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  auto operator<=>(const Hash128&) const = default;
};

/// 128-bit XXH3, as checksum_of() writes it in digits.
Hash128 hash128_of(std::string_view bytes);

/// Spreads a number over all 64 bits, one to one (the finaliser of MurmurHash3 by Austin Appleby, variant 13 of David
/// Stafford's "Better bit mixing").
constexpr std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
  return value ^ (value >> 31);
}

}  // namespace albert
