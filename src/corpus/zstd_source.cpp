#include <utility>

#include <zstd.h>

#include "base/error.h"
#include "corpus/compressed_source.h"

namespace albert::corpus {

namespace {

/// One or several Zstandard frames, one after the other (RFC 8878, section 3.1). Windows above the library's 128 MiB
/// are refused by it.
class ZstdSource : public CompressedSource {
 public:
  explicit ZstdSource(std::unique_ptr<FileSource> file)
      : CompressedSource(std::move(file), "Zstandard"), stream_(ZSTD_createDStream()) {
    if (stream_ == nullptr) throw InternalError("the Zstandard library does not start");
  }
  ~ZstdSource() override { ZSTD_freeDStream(stream_); }
  ZstdSource(const ZstdSource&) = delete;
  ZstdSource& operator=(const ZstdSource&) = delete;

  std::size_t read(char* data, std::size_t size) override {
    ZSTD_outBuffer output{data, size, 0};
    while (output.pos == 0) {
      const bool more = fill();
      ZSTD_inBuffer input{next(), left(), 0};
      const std::size_t status = ZSTD_decompressStream(stream_, &output, &input);
      consume(input.pos);
      if (ZSTD_isError(status) != 0) throw_damaged(ZSTD_getErrorName(status));
      // Without input, only what the decoder still holds back can come out.
      if (!more && output.pos == 0) {
        if (!between_frames_) throw_truncated();
        return 0;
      }
      between_frames_ = status == 0;
    }
    return output.pos;
  }

 private:
  ZSTD_DStream* stream_;
  bool between_frames_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> make_zstd_source(std::unique_ptr<FileSource> file) {
  return std::make_unique<ZstdSource>(std::move(file));
}

}  // namespace albert::corpus
