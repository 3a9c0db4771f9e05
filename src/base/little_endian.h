#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace albert {

/// Appends the bytes of a number, the lowest first.
template <std::unsigned_integral Number>
void append_little_endian(std::string& out, Number value) {
  for (unsigned shift = 0; shift < 8 * sizeof(value); shift += 8) out += static_cast<char>(value >> shift & 0xFF);
}

/// The number that up to eight bytes spell, the lowest first.
inline std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

}  // namespace albert
