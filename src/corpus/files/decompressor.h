#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace albert::corpus {

/// Decompresses the streams of one format: gzip members, Zstandard frames, xz or bzip2 streams.
class Decompressor {
 public:
  struct Step {
    std::size_t used = 0;  ///< bytes of the input
    std::size_t made = 0;  ///< bytes of the output
    bool ended = false;    ///< the stream is complete
  };

  virtual ~Decompressor() = default;

  /// Makes ready for the beginning of a stream. To be called before each, also the first.
  virtual void begin() = 0;
  /// Goes on with the stream. Neither of `used` and `made` is above 0 only where the input is empty, and nothing is
  /// held back from earlier input.
  /// \param output room for `size` bytes, at least 1
  /// Throws DecompressionError.
  virtual Step decode(std::string_view input, char* output, std::size_t size) = 0;
};

/// Why a stream cannot be decompressed, in words without the name of the file.
struct DecompressionError {
  std::string why;
  std::string advice;    ///< what to do
  bool damaged = false;  ///< the data is wrong; otherwise it is only too much for this program

  static DecompressionError damage(std::string why) {
    return {.why = std::move(why), .advice = "copy or download it again", .damaged = true};
  }
  /// \param command of a shell that unpacks the file elsewhere
  static DecompressionError too_much(std::string why, std::string_view command) {
    return {.why = std::move(why), .advice = "unpack it first with: " + std::string(command)};
  }
};

std::unique_ptr<Decompressor> make_gzip_decompressor();
std::unique_ptr<Decompressor> make_zstd_decompressor();
std::unique_ptr<Decompressor> make_xz_decompressor();
std::unique_ptr<Decompressor> make_bzip2_decompressor();

}  // namespace albert::corpus
