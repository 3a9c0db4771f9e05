#include "corpus/byte_source.h"

#include <array>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "corpus/compressed_source.h"
#include "corpus/file_source.h"

namespace albert::corpus {

namespace {

using Maker = std::unique_ptr<ByteSource> (*)(std::unique_ptr<FileSource>);

struct Compression {
  std::string_view name;
  std::string_view suffix;
  std::string_view magic;
  Maker make;
};

constexpr std::array<Compression, 3> kCompressions{{
    {"gzip", ".gz", "\x1f\x8b", make_gzip_source},
    {"Zstandard", ".zst", "\x28\xb5\x2f\xfd", make_zstd_source},
    {"xz", ".xz", std::string_view("\xfd\x37zXZ\0", 6), make_xz_source},
}};

/// Files that people hand over by mistake, and what to do with them.
struct ForeignFormat {
  std::string_view name;
  std::string_view magic;
  std::string_view advice;
};

constexpr std::array<ForeignFormat, 6> kForeignFormats{{
    {"bzip2 data", "BZh", "compress it with gzip, zstd or xz instead"},
    {"a zip archive", "PK\x03\x04", "unpack it first"},
    {"a 7z archive", "7z\xbc\xaf", "unpack it first"},
    {"a PDF", "%PDF-", "extract its text first"},
    {"Parquet data", "PAR1", "write its text column as JSON lines first"},
    {"UTF-16 text", "\xff\xfe", "convert it with: iconv -f UTF-16 -t UTF-8"},
}};

}  // namespace

std::unique_ptr<ByteSource> open_byte_source(const std::filesystem::path& path) {
  auto file = std::make_unique<FileSource>(path);
  const std::string_view start = file->peek();
  for (const Compression& compression : kCompressions) {
    if (start.starts_with(compression.magic)) return compression.make(std::move(file));
  }
  for (const Compression& compression : kCompressions) {
    if (path.extension() != compression.suffix) continue;
    throw DataError("{}: expected {} data because of its name, but it {}; give it another name or compress it",
                    path.string(), compression.name, start.empty() ? "is empty" : "begins otherwise");
  }
  for (const ForeignFormat& format : kForeignFormats) {
    if (start.starts_with(format.magic))
      throw DataError("{}: expected text, found {}; {}", path.string(), format.name, format.advice);
  }
  return file;
}

}  // namespace albert::corpus
