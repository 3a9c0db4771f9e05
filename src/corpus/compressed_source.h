#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "corpus/byte_source.h"
#include "corpus/file_source.h"

namespace albert::corpus {

/// What the readers of compressed files share: the compressed bytes at hand, and the messages about damaged ones.
class CompressedSource : public ByteSource {
 public:
  std::uint64_t bytes_read() const override { return file_->bytes_read() - left_; }

 protected:
  /// \param format "gzip": for messages
  CompressedSource(std::unique_ptr<FileSource> file, std::string_view format);

  /// Whether there are compressed bytes at hand, after reading some if there were none: false at the file's end.
  bool fill();
  const char* next() const { return next_; }
  std::size_t left() const { return left_; }
  /// The decoder has used the first `n` bytes at hand.
  void consume(std::size_t n);

  [[noreturn]] void throw_truncated() const;
  [[noreturn]] void throw_damaged(std::string_view what) const;

 private:
  std::unique_ptr<FileSource> file_;
  std::string_view format_;
  std::string buffer_;
  const char* next_ = nullptr;
  std::size_t left_ = 0;
};

std::unique_ptr<ByteSource> make_gzip_source(std::unique_ptr<FileSource> file);
std::unique_ptr<ByteSource> make_zstd_source(std::unique_ptr<FileSource> file);
std::unique_ptr<ByteSource> make_xz_source(std::unique_ptr<FileSource> file);

}  // namespace albert::corpus
