#include "text/foreign_format.h"

#include <algorithm>
#include <array>

#include <spdlog/fmt/fmt.h>

#include "base/utf8.h"

namespace albert::text {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kUnpack = "unpack it first";
constexpr std::string_view kExtract = "extract its text first";
constexpr std::string_view kExport = "write its text column as JSON lines first";
constexpr std::string_view kLeaveOut = "leave it out";

constexpr std::array kForeignFormats{
    ForeignFormat{"a zip archive (or a .docx, .epub, .xlsx, .npz file, which are such)"sv, "PK\x03\x04"sv, kUnpack},
    ForeignFormat{"a 7z archive"sv, "7z\xbc\xaf"sv, kUnpack},
    ForeignFormat{"a RAR archive"sv, "Rar!\x1a\x07"sv, kUnpack},
    ForeignFormat{"a tar archive"sv, "ustar"sv, kUnpack, 257},
    ForeignFormat{"an lz4 file"sv, "\x04\x22\x4d\x18"sv, kUnpack},
    ForeignFormat{"a file of the old `compress`"sv, "\x1f\x9d"sv, kUnpack},
    ForeignFormat{"a compressed file (gzip)"sv, "\x1f\x8b\x08"sv, kUnpack},
    ForeignFormat{"a compressed file (Zstandard)"sv, "\x28\xb5\x2f\xfd"sv, kUnpack},
    ForeignFormat{"a compressed file (xz)"sv, "\xfd\x37zXZ\0"sv, kUnpack},
    ForeignFormat{"a compressed file (bzip2)"sv, "1AY&SY"sv, kUnpack, 4},
    ForeignFormat{"a PDF"sv, "%PDF-"sv, kExtract},
    ForeignFormat{"PostScript"sv, "%!PS"sv, kExtract},
    ForeignFormat{"rich text (RTF)"sv, "{\\rtf"sv, kExtract},
    ForeignFormat{"an old Office document"sv, "\xd0\xcf\x11\xe0"sv, kExtract},
    ForeignFormat{"Parquet data"sv, "PAR1"sv, kExport},
    ForeignFormat{"Arrow data"sv, "ARROW1"sv, kExport},
    ForeignFormat{"an SQLite database"sv, "SQLite format 3\0"sv, kExport},
    ForeignFormat{"HDF5 data"sv, "\x89HDF\r\n"sv, kExport},
    ForeignFormat{"a NumPy array"sv, "\x93NUMPY"sv, kLeaveOut},
    ForeignFormat{"a Python pickle"sv, "\x80\x04\x95"sv, kExport},
    ForeignFormat{"an executable (ELF)"sv, "\x7f\x45LF"sv, kLeaveOut},
    ForeignFormat{"an executable (Windows)"sv, "MZ\x90\0"sv, kLeaveOut},
    ForeignFormat{"an image (PNG)"sv, "\x89PNG"sv, kLeaveOut},
    ForeignFormat{"an image (JPEG)"sv, "\xff\xd8\xff"sv, kLeaveOut},
    ForeignFormat{"an image (GIF)"sv, "GIF8"sv, kLeaveOut},
    ForeignFormat{"an image (TIFF)"sv, "II*\0"sv, kLeaveOut},
};

}  // namespace

std::optional<ForeignFormat> find_foreign_format(std::string_view bytes) {
  const auto is_it = [bytes](const ForeignFormat& format) {
    return bytes.size() >= format.offset && bytes.substr(format.offset).starts_with(format.magic);
  };
  const auto* const found = std::ranges::find_if(kForeignFormats, is_it);
  return found == kForeignFormats.end() ? std::nullopt : std::optional(*found);
}

std::optional<std::string> why_no_text(std::string_view line) {
  const auto invalid = find_invalid_utf8(line);
  const std::size_t nul = line.find('\0');
  if (!invalid && nul == std::string_view::npos) return std::nullopt;
  if (const auto format = find_foreign_format(line)) {
    return fmt::format("expected text, found {}; {}", format->name, format->advice);
  }
  if (!invalid)
    return fmt::format("byte {} is NUL, which no text has; take it out, or convert the input (iconv -t utf-8)",
                       nul + 1);
  return fmt::format("byte {} (0x{:02x}) is not valid UTF-8; convert the input (iconv -t utf-8)", *invalid + 1,
                     static_cast<unsigned>(static_cast<unsigned char>(line[*invalid])));
}

}  // namespace albert::text
