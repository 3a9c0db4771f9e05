#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>

#include <unicode/ucsdet.h>

#include "base/error.h"
#include "corpus/clean_text.h"
#include "corpus/content_kind.h"

namespace albert::corpus {

namespace {

using namespace std::string_view_literals;

/// Files that people hand over by mistake, by their first bytes, and what to do with them.
struct ForeignFormat {
  std::string_view name;
  std::string_view magic;
  std::string_view advice;
  std::size_t offset = 0;
};

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
    ForeignFormat{"a compressed file within a compressed one (gzip)"sv, "\x1f\x8b\x08"sv, kUnpack},
    ForeignFormat{"a compressed file within a compressed one (Zstandard)"sv, "\x28\xb5\x2f\xfd"sv, kUnpack},
    ForeignFormat{"a compressed file within a compressed one (xz)"sv, "\xfd\x37zXZ\0"sv, kUnpack},
    ForeignFormat{"a compressed file within a compressed one (bzip2)"sv, "1AY&SY"sv, kUnpack, 4},
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
    ForeignFormat{"UTF-32 text"sv, "\xff\xfe\0\0"sv, "convert it with: iconv -f UTF-32 -t UTF-8"sv},
    ForeignFormat{"UTF-16 text"sv, "\xff\xfe"sv, "convert it with: iconv -f UTF-16 -t UTF-8"sv},
    ForeignFormat{"UTF-16 text"sv, "\xfe\xff"sv, "convert it with: iconv -f UTF-16 -t UTF-8"sv},
};

/// A few odd bytes are no sign of anything in a small file, and are repaired in a large one.
constexpr std::uint64_t kMinOddBytes = 8;
constexpr double kMaxControlShare = 0.02;
constexpr double kMaxInvalidShare = 0.10;

double share(std::uint64_t part, std::string_view bytes) {
  return static_cast<double>(part) / static_cast<double>(bytes.size());
}

bool is_too_much(std::uint64_t count, std::string_view bytes, double max_share) {
  return count >= kMinOddBytes && share(count, bytes) > max_share;
}

/// A character that running text does not have: but for white space, ESC (colours of terminals) and the end of a file
/// under DOS.
bool is_odd_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && "\t\n\v\f\r\x1a\x1b"sv.find(c) == std::string_view::npos) || byte == 0x7f;
}

/// How UTF-16 looks that has no byte order mark: every other byte of a Latin letter is 0.
std::optional<std::string_view> utf16_name(std::string_view bytes) {
  std::array<std::uint64_t, 2> nul{};
  for (std::size_t i = 0; i < bytes.size(); ++i) nul[i % 2] += bytes[i] == '\0' ? 1 : 0;
  const std::uint64_t half = bytes.size() / 2;
  if (nul[0] * 50 < half && nul[1] * 2 > half) return "UTF-16LE";
  if (nul[1] * 50 < half && nul[0] * 2 > half) return "UTF-16BE";
  return std::nullopt;
}

/// What ICU takes the encoding for; empty if it does not know.
std::string guess_encoding(std::string_view bytes) {
  constexpr std::int32_t kLeastConfidence = 20;  // of 100
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, decltype(&ucsdet_close)> detector(ucsdet_open(&status), ucsdet_close);
  ucsdet_setText(detector.get(), bytes.data(), static_cast<std::int32_t>(bytes.size()), &status);
  const UCharsetMatch* match = ucsdet_detect(detector.get(), &status);
  if (U_FAILURE(status) || match == nullptr || ucsdet_getConfidence(match, &status) < kLeastConfidence) return {};
  const char* name = ucsdet_getName(match, &status);
  return U_FAILURE(status) ? "" : name;
}

Finding other_encoding(std::uint64_t num_invalid, std::string_view bytes) {
  const std::string guess = guess_encoding(bytes);
  return {.name = fmt::format("bytes of which {:.0f}% are no UTF-8", 100 * share(num_invalid, bytes)),
          .advice = fmt::format("if it is text in another encoding{}, convert it with: iconv -f {} -t UTF-8",
                                guess.empty() ? "" : fmt::format(" ({}?)", guess), guess.empty() ? "ENCODING" : guess)};
}

std::optional<Finding> find_foreign_format(std::string_view bytes) {
  for (const ForeignFormat& format : kForeignFormats) {
    if (bytes.size() >= format.offset && bytes.substr(format.offset).starts_with(format.magic))
      return Finding{.name = std::string(format.name), .advice = std::string(format.advice)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Finding> find_binary(const Head& head) {
  if (head.bytes.empty()) return std::nullopt;
  if (std::optional<Finding> format = find_foreign_format(head.bytes)) return format;
  const auto num_control = static_cast<std::uint64_t>(std::ranges::count_if(head.bytes, is_odd_control));
  if (is_too_much(num_control, head.bytes, kMaxControlShare)) {
    if (const auto utf16 = utf16_name(head.bytes)) {
      return Finding{.name = "UTF-16 text without a byte order mark",
                     .advice = fmt::format("convert it with: iconv -f {} -t UTF-8", *utf16)};
    }
    return Finding{.name = fmt::format("binary data: {:.0f}% of its first bytes are control characters",
                                       100 * share(num_control, head.bytes)),
                   .advice = std::string(kLeaveOut)};
  }
  std::string clean;
  const std::uint64_t num_invalid = append_clean(head.bytes, clean).invalid_bytes;
  if (is_too_much(num_invalid, head.bytes, kMaxInvalidShare)) return other_encoding(num_invalid, head.bytes);
  return std::nullopt;
}

}  // namespace albert::corpus
