#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "corpus/files/byte_source.h"
#include "corpus/files/decompressor.h"
#include "corpus/files/file_source.h"

namespace albert::corpus {

/// A compressed file's content: that of its streams, end to end. Zero bytes behind a stream, with which archives fill
/// up their blocks, are skipped.
class CompressedSource : public ByteSource {
 public:
  /// \param format "gzip": for messages
  CompressedSource(std::unique_ptr<FileSource> file, std::string_view format,
                   std::unique_ptr<Decompressor> decompressor);

  std::size_t read(char* data, std::size_t size) override;
  std::uint64_t bytes_read() const override { return file_->bytes_read() - left_.size(); }

 private:
  bool begin_stream();
  bool fill();
  Decompressor::Step decode(char* data, std::size_t size);

  std::unique_ptr<FileSource> file_;
  std::string_view format_;
  std::unique_ptr<Decompressor> decompressor_;
  std::string buffer_;
  std::string_view left_;  ///< of the buffer: what is not decompressed yet
  bool between_streams_ = true;
};

}  // namespace albert::corpus
