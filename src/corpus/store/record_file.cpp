#include "corpus/store/record_file.h"

#include <algorithm>
#include <cerrno>

#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

namespace albert::corpus {

FileAccess::FileAccess(std::filesystem::path path) : path_(std::move(path)), descriptor_(open_to_read(path_)) {
  struct stat status {};
  if (::fstat(descriptor_.value(), &status) != 0)
    throw IoError::from_errno(fmt::format("cannot read {}", path_.string()));
  size_bytes_ = static_cast<std::uint64_t>(status.st_size);
}

void FileAccess::read(std::uint64_t offset, char* data, std::size_t size) const {
  if (offset > size_bytes_ || size > size_bytes_ - offset) {
    throw DataError("{}: damaged: expected {} bytes at byte {}, found {}", path_.string(), size, offset,
                    size_bytes_ - std::min(offset, size_bytes_));
  }
  while (size > 0) {
    const ssize_t n = ::pread(descriptor_.value(), data, size, static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw IoError::from_errno(fmt::format("cannot read {} at byte {}", path_.string(), offset));
    if (n == 0) throw IoError("{} became shorter while it was read", path_.string());
    data += n;
    offset += static_cast<std::uint64_t>(n);
    size -= static_cast<std::size_t>(n);
  }
}

void ByteReader::read(char* data, std::size_t size) {
  while (size > 0) {
    if (left_.empty()) {
      // At least what is asked for, so that a file that ends too early is told of.
      const std::uint64_t there = file_.size_bytes() - offset_;
      const auto wanted =
          static_cast<std::size_t>(std::min<std::uint64_t>(buffer_.size(), std::max<std::uint64_t>(there, 1)));
      file_.read(offset_, buffer_.data(), wanted);
      left_ = std::string_view(buffer_.data(), wanted);
    }
    const std::size_t n = std::min(size, left_.size());
    std::copy_n(left_.begin(), n, data);
    left_.remove_prefix(n);
    offset_ += n;
    data += n;
    size -= n;
  }
}

}  // namespace albert::corpus
