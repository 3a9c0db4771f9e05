#include "corpus/files/compressed_source.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace albert::corpus {

namespace {

constexpr std::size_t kBufferBytes = 256 << 10;

}  // namespace

CompressedSource::CompressedSource(std::unique_ptr<FileSource> file, std::string_view format,
                                   std::unique_ptr<Decompressor> decompressor)
    : file_(std::move(file)), format_(format), decompressor_(std::move(decompressor)), buffer_(kBufferBytes, '\0') {}

std::size_t CompressedSource::read(char* data, std::size_t size) {
  for (;;) {
    if (between_streams_ && !begin_stream()) return 0;
    const bool more = fill();
    const Decompressor::Step step = decode(data, size);
    left_.remove_prefix(step.used);
    between_streams_ = step.ended;
    if (step.made > 0) return step.made;
    if (!more && !step.ended) {
      throw DataError("{}: truncated: the file ends at byte {} in the middle of its {} data; copy or download it again",
                      file_->path().string(), bytes_read(), format_);
    }
  }
}

/// Whether there is another stream.
bool CompressedSource::begin_stream() {
  while (fill()) {
    left_.remove_prefix(std::min(left_.find_first_not_of('\0'), left_.size()));
    if (left_.empty()) continue;
    decompressor_->begin();
    return true;
  }
  return false;
}

/// Whether there are compressed bytes at hand, after reading some if there were none: false at the file's end.
bool CompressedSource::fill() {
  if (left_.empty()) left_ = std::string_view(buffer_.data(), file_->read(buffer_.data(), buffer_.size()));
  return !left_.empty();
}

Decompressor::Step CompressedSource::decode(char* data, std::size_t size) {
  try {
    return decompressor_->decode(left_, data, size);
  } catch (const DecompressionError& error) {
    throw DataError("{}: {} {} data at byte {}: {}; {}", file_->path().string(),
                    error.damaged ? "damaged" : "cannot decompress the", format_, bytes_read(), error.why,
                    error.advice);
  }
}

}  // namespace albert::corpus
