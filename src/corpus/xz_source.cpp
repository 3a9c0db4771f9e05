#include <utility>

#include <lzma.h>

#include "base/error.h"
#include "corpus/compressed_source.h"

namespace albert::corpus {

namespace {

constexpr std::uint64_t kMemoryLimitBytes = std::uint64_t{1} << 30;  // xz -9 needs 65 MiB

const char* words_for(lzma_ret status) {
  switch (status) {
    case LZMA_FORMAT_ERROR:
      return "no xz data";
    case LZMA_OPTIONS_ERROR:
      return "options that the library does not know";
    case LZMA_MEMLIMIT_ERROR:
      return "more than 1 GiB of memory would be needed";
    case LZMA_MEM_ERROR:
      return "out of memory";
    default:
      return "wrong checksum or structure";
  }
}

/// One or several xz streams, one after the other.
class XzSource : public CompressedSource {
 public:
  explicit XzSource(std::unique_ptr<FileSource> file) : CompressedSource(std::move(file), "xz") {
    if (lzma_stream_decoder(&stream_, kMemoryLimitBytes, LZMA_CONCATENATED) != LZMA_OK)
      throw InternalError("liblzma does not start");
  }
  ~XzSource() override { lzma_end(&stream_); }
  XzSource(const XzSource&) = delete;
  XzSource& operator=(const XzSource&) = delete;

  std::size_t read(char* data, std::size_t size) override {
    stream_.next_out = reinterpret_cast<std::uint8_t*>(data);
    stream_.avail_out = size;
    while (!ended_ && stream_.avail_out == size) {
      const bool more = fill();
      stream_.next_in = reinterpret_cast<const std::uint8_t*>(next());
      stream_.avail_in = left();
      const lzma_ret status = lzma_code(&stream_, more ? LZMA_RUN : LZMA_FINISH);
      consume(left() - stream_.avail_in);
      ended_ = status == LZMA_STREAM_END;
      if (status == LZMA_BUF_ERROR && !more) throw_truncated();
      if (status != LZMA_OK && status != LZMA_STREAM_END && status != LZMA_BUF_ERROR) throw_damaged(words_for(status));
    }
    return size - stream_.avail_out;
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> make_xz_source(std::unique_ptr<FileSource> file) {
  return std::make_unique<XzSource>(std::move(file));
}

}  // namespace albert::corpus
