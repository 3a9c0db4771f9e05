#include "corpus/file_source.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"

namespace albert::corpus {

FileSource::FileSource(std::filesystem::path path)
    : path_(std::move(path)), descriptor_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (descriptor_ < 0) throw IoError::from_errno(fmt::format("cannot open {}", path_.string()));
  ::posix_fadvise(descriptor_, 0, 0, POSIX_FADV_SEQUENTIAL);
}

FileSource::~FileSource() {
  ::close(descriptor_);
}

std::size_t FileSource::read(char* data, std::size_t size) {
  std::size_t n = std::min(size, peeked_.size());
  if (n > 0) {
    std::copy_n(peeked_.begin(), n, data);
    peeked_.erase(0, n);
  } else {
    n = read_descriptor(data, size);
  }
  bytes_read_ += n;
  return n;
}

std::string_view FileSource::peek() {
  while (peeked_.size() < kPeekBytes) {
    char buffer[kPeekBytes];
    const std::size_t n = read_descriptor(buffer, kPeekBytes - peeked_.size());
    if (n == 0) break;
    peeked_.append(buffer, n);
  }
  return peeked_;
}

std::size_t FileSource::read_descriptor(char* data, std::size_t size) {
  for (;;) {
    const ssize_t n = ::read(descriptor_, data, size);
    if (n >= 0) return static_cast<std::size_t>(n);
    if (errno != EINTR) {
      throw IoError::from_errno(fmt::format("cannot read {} at byte {}", path_.string(), bytes_read_ + peeked_.size()));
    }
  }
}

}  // namespace albert::corpus
