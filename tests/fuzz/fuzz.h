#pragma once

#include <cstddef>
#include <cstdlib>
#include <string_view>

namespace albert::fuzz {

/// Reads an input as the program reads what others wrote. Every reader has a source here that defines it.
/// Throws an albert::Error for what is refused; anything else that it throws, an InternalError, or a crash is a fault.
void read(std::string_view input);

/// Ends the process where something does not hold that the program promises.
inline void require(bool holds) {
  if (!holds) std::abort();
}

/// Requires a message that people read to its end: no list goes on with the file.
inline void require_short(std::string_view message) {
  constexpr std::size_t kMaxMessageBytes = 20'000;
  require(message.size() <= kMaxMessageBytes);
}

/// Takes the first byte off an input, as a number below `count`: which of several ways the rest is read.
inline std::size_t take_choice(std::string_view& input, std::size_t count) {
  if (input.empty()) return 0;
  const auto first = static_cast<unsigned char>(input.front());
  input.remove_prefix(1);
  return first % count;
}

/// Reads every byte of the tensors of a file: each must be there, and as many as the shape says.
void touch(const auto& tensors) {
  static volatile unsigned char sink = 0;
  unsigned char sum = 0;
  for (const auto& tensor : tensors) {
    require(tensor.bytes.size() == tensor.size_bytes());
    for (const std::byte byte : tensor.bytes) sum += static_cast<unsigned char>(byte);
  }
  sink = sum;
}

}  // namespace albert::fuzz
