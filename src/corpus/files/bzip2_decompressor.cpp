#include <algorithm>
#include <limits>
#include <new>

#include <bzlib.h>

#include "base/error.h"
#include "corpus/files/decompressor.h"

namespace albert::corpus {

namespace {

/// The streams of a bzip2 file.
class Bzip2Decompressor : public Decompressor {
 public:
  Bzip2Decompressor() = default;
  ~Bzip2Decompressor() override { end(); }
  Bzip2Decompressor(const Bzip2Decompressor&) = delete;
  Bzip2Decompressor& operator=(const Bzip2Decompressor&) = delete;

  void begin() override {
    end();
    constexpr int kSilent = 0;
    constexpr int kFast = 0;  // with 4 MB of memory instead of 2.5
    if (BZ2_bzDecompressInit(&stream_, kSilent, kFast) != BZ_OK) throw InternalError("libbz2 does not start");
    begun_ = true;
  }

  Step decode(std::string_view input, char* output, std::size_t size) override {
    const auto room = static_cast<unsigned>(std::min<std::size_t>(size, std::numeric_limits<unsigned>::max()));
    stream_.next_in = const_cast<char*>(input.data());
    stream_.avail_in = static_cast<unsigned>(input.size());
    stream_.next_out = output;
    stream_.avail_out = room;
    const int status = BZ2_bzDecompress(&stream_);
    if (status == BZ_MEM_ERROR) throw std::bad_alloc();
    if (status == BZ_DATA_ERROR_MAGIC) throw DecompressionError::damage("no bzip2 data");
    if (status != BZ_OK && status != BZ_STREAM_END) throw DecompressionError::damage("wrong checksum or structure");
    return {
        .used = input.size() - stream_.avail_in, .made = room - stream_.avail_out, .ended = status == BZ_STREAM_END};
  }

 private:
  void end() {
    if (begun_) BZ2_bzDecompressEnd(&stream_);
    begun_ = false;
  }

  bz_stream stream_{};
  bool begun_ = false;
};

}  // namespace

std::unique_ptr<Decompressor> make_bzip2_decompressor() {
  return std::make_unique<Bzip2Decompressor>();
}

}  // namespace albert::corpus
