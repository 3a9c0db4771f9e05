#include <zstd.h>
#include <zstd_errors.h>

#include "base/error.h"
#include "corpus/files/decompressor.h"

namespace albert::corpus {

namespace {

DecompressionError error_of(std::size_t status) {
  switch (ZSTD_getErrorCode(status)) {
    case ZSTD_error_frameParameter_windowTooLarge:
      return DecompressionError::too_much("its window is larger than the library takes", "zstd -d --long=31 FILE");
    case ZSTD_error_memory_allocation:
      return DecompressionError::too_much("out of memory for its window; was it made with --long or --ultra?",
                                          "zstd -d --long=31 FILE");
    case ZSTD_error_dictionary_wrong:
      return DecompressionError::too_much("it was made with a dictionary", "zstd -d -D DICTIONARY FILE");
    case ZSTD_error_version_unsupported:
    case ZSTD_error_frameParameter_unsupported:
      return DecompressionError::too_much("it is of a version or with options that the library does not know",
                                          "zstd -d FILE");
    default:
      return DecompressionError::damage(ZSTD_getErrorName(status));
  }
}

/// The frames of a Zstandard file (RFC 8878). A window may be as large as `zstd --long=31` makes it, 2 GiB. The library
/// reserves as much, but the system gives only what the content of the frame fills.
class ZstdDecompressor : public Decompressor {
 public:
  ZstdDecompressor() : stream_(ZSTD_createDStream()) {
    if (stream_ == nullptr) throw InternalError("the Zstandard library does not start");
    ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, ZSTD_dParam_getBounds(ZSTD_d_windowLogMax).upperBound);
  }
  ~ZstdDecompressor() override { ZSTD_freeDStream(stream_); }
  ZstdDecompressor(const ZstdDecompressor&) = delete;
  ZstdDecompressor& operator=(const ZstdDecompressor&) = delete;

  void begin() override { ZSTD_DCtx_reset(stream_, ZSTD_reset_session_only); }

  Step decode(std::string_view input, char* output, std::size_t size) override {
    ZSTD_inBuffer in{input.data(), input.size(), 0};
    ZSTD_outBuffer out{output, size, 0};
    const std::size_t status = ZSTD_decompressStream(stream_, &out, &in);
    if (ZSTD_isError(status) != 0) throw error_of(status);
    return {.used = in.pos, .made = out.pos, .ended = status == 0};
  }

 private:
  ZSTD_DStream* stream_;
};

}  // namespace

std::unique_ptr<Decompressor> make_zstd_decompressor() {
  return std::make_unique<ZstdDecompressor>();
}

}  // namespace albert::corpus
