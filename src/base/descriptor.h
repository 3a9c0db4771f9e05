#pragma once

#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"

namespace albert {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  /// \param flags as open() takes them; a file that they create gets the mode 0644
  /// Throws IoError.
  Descriptor(const std::filesystem::path& path, int flags) : value_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {
    if (value_ >= 0) return;
    throw IoError::from_errno(fmt::format("cannot {} {}", (flags & O_CREAT) != 0 ? "create" : "open", path.string()));
  }
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  /// Takes an open descriptor, which closes with this object.
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;

  int value() const { return value_; }

 private:
  int value_;
};

}  // namespace albert
