#include <algorithm>
#include <limits>
#include <utility>

#include <zlib.h>

#include "base/error.h"
#include "corpus/compressed_source.h"

namespace albert::corpus {

namespace {

/// One or several gzip members, one after the other (RFC 1952, section 2.2).
class GzipSource : public CompressedSource {
 public:
  explicit GzipSource(std::unique_ptr<FileSource> file) : CompressedSource(std::move(file), "gzip") {
    constexpr int kGzipOnly = 16;
    if (inflateInit2(&stream_, MAX_WBITS + kGzipOnly) != Z_OK) throw InternalError("zlib does not start");
  }
  ~GzipSource() override { inflateEnd(&stream_); }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  std::size_t read(char* data, std::size_t size) override {
    const auto room = static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
    stream_.next_out = reinterpret_cast<Bytef*>(data);
    stream_.avail_out = room;
    while (stream_.avail_out == room) {
      if (!fill()) {
        if (!between_members_) throw_truncated();
        return 0;
      }
      if (std::exchange(between_members_, false)) inflateReset(&stream_);
      step();
    }
    return room - stream_.avail_out;
  }

 private:
  void step() {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(next()));
    stream_.avail_in = static_cast<uInt>(left());
    const int status = inflate(&stream_, Z_NO_FLUSH);
    consume(left() - stream_.avail_in);
    if (status == Z_STREAM_END) {
      between_members_ = true;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      throw_damaged(stream_.msg != nullptr ? stream_.msg : zError(status));
    }
  }

  z_stream stream_{};
  bool between_members_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> make_gzip_source(std::unique_ptr<FileSource> file) {
  return std::make_unique<GzipSource>(std::move(file));
}

}  // namespace albert::corpus
