#include "base/file.h"

#include <cerrno>
#include <utility>

#include "base/descriptor.h"
#include "base/error.h"

namespace albert {

namespace {

constexpr std::size_t kBufferBytes = 1 << 20;

}  // namespace

std::string read_file(const fs::path& path) {
  std::string content;
  for_each_piece(path, [&](std::string_view piece) { content.append(piece); });
  return content;
}

void for_each_piece(const fs::path& path, const std::function<void(std::string_view)>& consume) {
  const Descriptor file(path, O_RDONLY);
  std::string buffer(kBufferBytes, '\0');
  for (;;) {
    const ssize_t n = ::read(file.value(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw IoError::from_errno(fmt::format("cannot read {}", path.string()));
    if (n == 0) return;
    consume(std::string_view(buffer.data(), static_cast<std::size_t>(n)));
  }
}

FileWriter::FileWriter(fs::path path, Mode mode)
    : path_(std::move(path)),
      descriptor_(
          ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | (mode == Mode::kAppend ? O_APPEND : O_TRUNC), 0644)) {
  if (descriptor_ < 0) throw IoError::from_errno(fmt::format("cannot create {}", path_.string()));
  buffer_.reserve(kBufferBytes);
}

FileWriter::~FileWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void FileWriter::write(std::string_view bytes) {
  size_bytes_ += bytes.size();
  if (buffer_.size() + bytes.size() > kBufferBytes) flush();
  if (bytes.size() > kBufferBytes) {
    write_through(bytes);
  } else {
    buffer_.append(bytes);
  }
}

void FileWriter::flush() {
  write_through(buffer_);
  buffer_.clear();
}

void FileWriter::close() {
  flush();
  if (::fsync(descriptor_) != 0 && errno != EINVAL)
    throw IoError::from_errno(fmt::format("cannot sync {}", path_.string()));
  const int descriptor = std::exchange(descriptor_, -1);
  if (::close(descriptor) != 0) throw IoError::from_errno(fmt::format("cannot close {}", path_.string()));
}

void FileWriter::write_through(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw IoError::from_errno(fmt::format("cannot write {}", path_.string()));
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace albert
