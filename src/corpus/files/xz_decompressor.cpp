#include <cstdint>

#include <lzma.h>

#include "base/error.h"
#include "corpus/files/decompressor.h"

namespace albert::corpus {

namespace {

constexpr std::uint64_t kMemoryLimitBytes = std::uint64_t{1} << 30;  // xz -9 needs 65 MiB

DecompressionError error_of(lzma_ret status) {
  constexpr std::string_view kUnpack = "xz -dk FILE";
  switch (status) {
    case LZMA_FORMAT_ERROR:
      return DecompressionError::damage("no xz data");
    case LZMA_OPTIONS_ERROR:
      return DecompressionError::too_much("it was made with options that the library does not know", kUnpack);
    case LZMA_MEMLIMIT_ERROR:
      return DecompressionError::too_much("it needs more than 1 GiB of memory", kUnpack);
    case LZMA_MEM_ERROR:
      return DecompressionError::too_much("out of memory", kUnpack);
    default:
      return DecompressionError::damage("wrong checksum or structure");
  }
}

/// The streams of an xz file.
class XzDecompressor : public Decompressor {
 public:
  XzDecompressor() = default;
  ~XzDecompressor() override { lzma_end(&stream_); }
  XzDecompressor(const XzDecompressor&) = delete;
  XzDecompressor& operator=(const XzDecompressor&) = delete;

  void begin() override {
    if (lzma_stream_decoder(&stream_, kMemoryLimitBytes, 0) != LZMA_OK) throw InternalError("liblzma does not start");
  }

  Step decode(std::string_view input, char* output, std::size_t size) override {
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(input.data());
    stream_.avail_in = input.size();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(output);
    stream_.avail_out = size;
    const lzma_ret status = lzma_code(&stream_, LZMA_RUN);
    if (status != LZMA_OK && status != LZMA_STREAM_END && status != LZMA_BUF_ERROR) throw error_of(status);
    return {
        .used = input.size() - stream_.avail_in, .made = size - stream_.avail_out, .ended = status == LZMA_STREAM_END};
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

}  // namespace

std::unique_ptr<Decompressor> make_xz_decompressor() {
  return std::make_unique<XzDecompressor>();
}

}  // namespace albert::corpus
