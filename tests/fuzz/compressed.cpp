// Files in gzip, Zstandard, xz and bzip2.

#include <algorithm>
#include <array>
#include <filesystem>

#include "corpus/files/byte_source.h"
#include "fuzz.h"
#include "input_file.h"

namespace albert::fuzz {

void read(std::string_view input) {
  constexpr std::size_t kBufferBytes = 4096;
  constexpr std::size_t kMostBytes = 1 << 20;  // a few bytes may stand for many
  static InputFile file("text");
  file.write(input);
  corpus::is_compressed(file.path());
  const auto source = corpus::open_byte_source(file.path());
  std::array<char, kBufferBytes> buffer{};
  std::size_t num_read = 0;
  for (std::size_t size = 1; size > 0 && num_read < kMostBytes; num_read += size) {
    size = source->read(buffer.data(), buffer.size());
    require(size <= buffer.size() && source->bytes_read() <= input.size());
  }
}

}  // namespace albert::fuzz
