#include "corpus/files/file_source.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"

namespace albert::corpus {

FileSource::FileSource(std::filesystem::path path, ByteRange range, Checksum* checksum)
    : path_(std::move(path)),
      descriptor_(open_to_read(path_, NamedPipes::kPolled)),
      whole_(descriptor_.value()),
      left_(range.size()),
      checksum_(checksum) {
  if (range.begin > 0 && ::lseek(descriptor_.value(), static_cast<off_t>(range.begin), SEEK_SET) < 0)
    throw IoError::from_errno(fmt::format("cannot read {} from byte {} on", path_.string(), range.begin));
  ::posix_fadvise(descriptor_.value(), 0, 0, POSIX_FADV_SEQUENTIAL);
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
  size = static_cast<std::size_t>(std::min<std::uint64_t>(size, left_));
  for (;;) {
    if (size > 0) wait_for_data(descriptor_.value(), path_, has_told_);
    const ssize_t n = ::read(descriptor_.value(), data, size);
    if (n == 0) whole_.check(descriptor_.value(), path_);
    if (n >= 0) {
      left_ -= static_cast<std::uint64_t>(n);
      if (checksum_ != nullptr) checksum_->update({data, static_cast<std::size_t>(n)});
      return static_cast<std::size_t>(n);
    }
    if (errno != EINTR && errno != EAGAIN) {
      throw IoError::from_errno(fmt::format("cannot read {} at byte {}", path_.string(), bytes_read_ + peeked_.size()));
    }
  }
}

}  // namespace albert::corpus
