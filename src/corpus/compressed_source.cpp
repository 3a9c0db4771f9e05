#include "corpus/compressed_source.h"

#include <utility>

#include "base/error.h"

namespace albert::corpus {

namespace {

constexpr std::size_t kBufferBytes = 256 << 10;

}  // namespace

CompressedSource::CompressedSource(std::unique_ptr<FileSource> file, std::string_view format)
    : file_(std::move(file)), format_(format), buffer_(kBufferBytes, '\0') {}

bool CompressedSource::fill() {
  if (left_ > 0) return true;
  next_ = buffer_.data();
  left_ = file_->read(buffer_.data(), buffer_.size());
  return left_ > 0;
}

void CompressedSource::consume(std::size_t n) {
  next_ += n;
  left_ -= n;
}

void CompressedSource::throw_truncated() const {
  throw DataError("{}: truncated: the file ends at byte {} in the middle of its {} data; copy or download it again",
                  file_->path().string(), bytes_read(), format_);
}

void CompressedSource::throw_damaged(std::string_view what) const {
  throw DataError("{}: damaged {} data at byte {}: {}; copy or download it again", file_->path().string(), format_,
                  bytes_read(), what);
}

}  // namespace albert::corpus
