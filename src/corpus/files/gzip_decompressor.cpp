#include <algorithm>
#include <limits>

#include <zlib.h>

#include "base/error.h"
#include "corpus/files/decompressor.h"

namespace albert::corpus {

namespace {

/// The members of a gzip file (RFC 1952).
class GzipDecompressor : public Decompressor {
 public:
  GzipDecompressor() {
    constexpr int kGzipOnly = 16;
    if (inflateInit2(&stream_, MAX_WBITS + kGzipOnly) != Z_OK) throw InternalError("zlib does not start");
  }
  ~GzipDecompressor() override { inflateEnd(&stream_); }
  GzipDecompressor(const GzipDecompressor&) = delete;
  GzipDecompressor& operator=(const GzipDecompressor&) = delete;

  void begin() override { inflateReset(&stream_); }

  Step decode(std::string_view input, char* output, std::size_t size) override {
    const auto room = static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = static_cast<uInt>(input.size());
    stream_.next_out = reinterpret_cast<Bytef*>(output);
    stream_.avail_out = room;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
      throw DecompressionError::damage(stream_.msg != nullptr ? stream_.msg : zError(status));
    return {.used = input.size() - stream_.avail_in, .made = room - stream_.avail_out, .ended = status == Z_STREAM_END};
  }

 private:
  z_stream stream_{};
};

}  // namespace

std::unique_ptr<Decompressor> make_gzip_decompressor() {
  return std::make_unique<GzipDecompressor>();
}

}  // namespace albert::corpus
