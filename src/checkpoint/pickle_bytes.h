#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace albert::checkpoint {

/// The bytes of a pickle, taken one piece after another.
class PickleBytes {
 public:
  explicit PickleBytes(std::span<const std::byte> bytes) : bytes_(bytes) {}

  /// How many were taken.
  std::size_t size() const { return at_; }

  /// Throws ModelError that names the place of the latest opcode.
  template <typename... Args>
  [[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) const {
    throw ModelError("byte {} of the pickle: {}", opcode_at_, fmt::format(format, std::forward<Args>(args)...));
  }

  unsigned char take_opcode() {
    opcode_at_ = at_;
    return static_cast<unsigned char>(take(1).front());
  }

  /// Throws ModelError if there are fewer.
  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size() - at_) {
      fail("expected {} bytes, found {} to the end; the file is cut off", size, bytes_.size() - at_);
    }
    const std::string_view taken(reinterpret_cast<const char*>(bytes_.data()) + at_, size);
    at_ += size;
    return taken;
  }

  /// Little-endian.
  template <typename Number>
  Number take_number() {
    Number number = 0;
    const std::string_view bytes = take(sizeof number);
    std::memcpy(&number, bytes.data(), bytes.size());
    return number;
  }

  /// To the next line feed, without it. Throws ModelError if there is none.
  std::string_view take_line() {
    const std::string_view rest(reinterpret_cast<const char*>(bytes_.data()) + at_, bytes_.size() - at_);
    const std::size_t size = rest.find('\n');
    if (size == std::string_view::npos) fail("expected the end of a line, found none");
    at_ += size + 1;
    return rest.substr(0, size);
  }

 private:
  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
  std::size_t opcode_at_ = 0;
};

}  // namespace albert::checkpoint
