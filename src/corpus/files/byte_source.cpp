#include "corpus/files/byte_source.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "corpus/files/compressed_source.h"
#include "corpus/files/decompressor.h"
#include "corpus/files/file_source.h"

namespace albert::corpus {

namespace {

bool is_gzip(std::string_view start) {
  return start.starts_with("\x1f\x8b");
}

/// A frame, or one that is to be skipped, with which pzstd begins (RFC 8878, section 3.1).
bool is_zstd(std::string_view start) {
  const bool skippable = start.size() >= 4 && (start[0] & 0xf0) == 0x50 && start.substr(1, 3) == "\x2a\x4d\x18";
  return skippable || start.starts_with("\x28\xb5\x2f\xfd");
}

bool is_xz(std::string_view start) {
  return start.starts_with(std::string_view("\xfd\x37zXZ\0", 6));
}

/// "BZh", the size of a block, and the mark of a block or of the end, as far as the file has them: text may begin with
/// the first four, too.
bool is_bzip2(std::string_view start) {
  constexpr std::size_t kMarkBytes = 6;
  if (start.size() < 5 || !start.starts_with("BZh") || start[3] < '1' || start[3] > '9') return false;
  const std::string_view mark = start.substr(4, kMarkBytes);
  return std::string_view("1AY&SY").starts_with(mark) || std::string_view("\x17rE8P\x90").starts_with(mark);
}

struct Compression {
  std::string_view name;
  std::string_view suffix;
  bool (*begins)(std::string_view start);
  std::unique_ptr<Decompressor> (*make)();
};

constexpr std::array<Compression, 4> kCompressions{{
    {"gzip", ".gz", is_gzip, make_gzip_decompressor},
    {"Zstandard", ".zst", is_zstd, make_zstd_decompressor},
    {"xz", ".xz", is_xz, make_xz_decompressor},
    {"bzip2", ".bz2", is_bzip2, make_bzip2_decompressor},
}};

const Compression* compression_of(const std::filesystem::path& path) {
  const std::filesystem::path suffix = path.extension();
  const auto* found =
      std::ranges::find_if(kCompressions, [&](const Compression& each) { return suffix == each.suffix; });
  return found == kCompressions.end() ? nullptr : found;
}

}  // namespace

std::unique_ptr<ByteSource> open_byte_source(const std::filesystem::path& path, Checksum* checksum) {
  auto file = std::make_unique<FileSource>(path, ByteRange{}, checksum);
  const std::string_view start = file->peek();
  for (const Compression& compression : kCompressions) {
    if (compression.begins(start))
      return std::make_unique<CompressedSource>(std::move(file), compression.name, compression.make());
  }
  if (const Compression* promised = compression_of(path)) {
    throw DataError("{}: expected {} data because of its name, but it {}; give it another name or compress it",
                    path.string(), promised->name, start.empty() ? "is empty" : "begins otherwise");
  }
  return file;
}

std::unique_ptr<ByteSource> open_byte_range(const std::filesystem::path& path, ByteRange range) {
  return std::make_unique<FileSource>(path, range);
}

bool is_compressed(const std::filesystem::path& path) {
  FileSource file(path);
  const std::string_view start = file.peek();
  const auto begins = [start](const Compression& compression) { return compression.begins(start); };
  return compression_of(path) != nullptr || std::ranges::any_of(kCompressions, begins);
}

std::filesystem::path uncompressed_name(const std::filesystem::path& path) {
  return compression_of(path) != nullptr ? path.stem() : path.filename();
}

}  // namespace albert::corpus
