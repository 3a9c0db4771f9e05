#pragma once

#include <cstdint>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace albert {

namespace fs = std::filesystem;

/// A file descriptor that closes itself.
class Descriptor {
 public:
  /// \param flags as open() takes them; a file that they create gets the mode 0644
  /// Throws IoError.
  Descriptor(const fs::path& path, int flags);
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  /// Takes an open descriptor, which closes with this object.
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;

  int value() const { return value_; }
  /// Whoever takes it closes it.
  int release() { return std::exchange(value_, -1); }

 private:
  int value_;
};

/// Sees to it that this process may have so many descriptors at a time: raises its limit where it is lower, as far as the
/// system lets it.
/// Throws IoError with both numbers.
void require_descriptors(std::uint64_t count);

}  // namespace albert
