#include "tasks/common/decoding.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include <spdlog/fmt/fmt.h>
#include <strings.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <unicode/unistr.h>

#include "base/error.h"
#include "base/shown.h"
#include "base/utf8.h"
#include "tasks/common/line_ends.h"
#include "tasks/common/place.h"
#include "text/foreign_format.h"

namespace albert::tasks {

namespace {

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

/// Stops at the first byte that is no text; null if the encoding is not known.
Converter open_converter(const std::string& encoding) {
  UErrorCode status = U_ZERO_ERROR;
  Converter converter(ucnv_open(encoding.c_str(), &status));
  if (U_FAILURE(status)) return nullptr;
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  return U_FAILURE(status) ? nullptr : std::move(converter);
}

bool is_utf8(const std::string& encoding) {
  return ::strcasecmp(encoding.c_str(), "utf-8") == 0 || ::strcasecmp(encoding.c_str(), "utf8") == 0;
}

struct Converted {
  std::string text;                       ///< UTF-8
  std::optional<std::size_t> bad_offset;  ///< of the first byte that is no text; then the text is not whole
};

Converted convert(std::string_view bytes, UConverter* converter) {
  icu::UnicodeString text;
  std::vector<UChar> chunk(std::size_t{64} << 10);
  const char* source = bytes.data();
  const char* const end = source + bytes.size();
  UErrorCode status = U_BUFFER_OVERFLOW_ERROR;
  while (status == U_BUFFER_OVERFLOW_ERROR) {
    status = U_ZERO_ERROR;
    UChar* target = chunk.data();
    ucnv_toUnicode(converter, &target, chunk.data() + chunk.size(), &source, end, nullptr, true, &status);
    text.append(chunk.data(), static_cast<std::int32_t>(target - chunk.data()));
  }
  Converted converted;
  if (U_FAILURE(status)) {
    char invalid[32];
    std::int8_t length = sizeof invalid;
    UErrorCode ignored = U_ZERO_ERROR;
    ucnv_getInvalidChars(converter, invalid, &length, &ignored);
    const auto read = static_cast<std::size_t>(source - bytes.data());
    converted.bad_offset = read - std::min(read, static_cast<std::size_t>(std::max<std::int8_t>(length, 0)));
  }
  text.toUTF8String(converted.text);
  return converted;
}

std::int64_t line_of(std::string_view bytes, std::size_t offset) {
  return 1 + count_line_ends(bytes.substr(0, offset));
}

/// What a file that is no UTF-8 may be in. A few bytes beyond ASCII are accented letters; Chinese text is made of them.
std::string_view likely_encoding(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\xff\xfe\0\0"sv) || bytes.starts_with("\0\0\xfe\xff"sv)) return "utf-32";
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) return "utf-16";
  const auto num_ascii = static_cast<std::size_t>(std::ranges::count_if(bytes, is_ascii));
  const Converter converter = open_converter("gb18030");
  const bool is_chinese =
      bytes.size() - num_ascii > bytes.size() / 10 && converter && !convert(bytes, converter.get()).bad_offset;
  return is_chinese ? "gb18030" : "iso-8859-1";
}

/// What to do with a file in another encoding than UTF-8.
/// \param likely its encoding
std::string to_do(std::string_view likely, const std::string& settings) {
  if (settings.empty()) return fmt::format("convert it (iconv -f {} -t utf-8)", likely);
  return fmt::format("name it in {}encoding ({}?)", settings, likely);
}

[[noreturn]] void refuse(std::string_view bytes, std::size_t offset, const std::string& encoding, std::string_view file,
                         const std::string& settings) {
  const auto byte = static_cast<unsigned>(static_cast<unsigned char>(bytes[offset]));
  if (const auto format = text::find_foreign_format(bytes)) {
    throw DataError("{}: expected text, found {}; {}", file, format->name, format->advice);
  }
  if (is_utf8(encoding)) {
    const std::string_view likely = likely_encoding(bytes);
    throw DataError(
        "{}:{}: the byte 0x{:02x} at offset {} of the file is not valid UTF-8; the bytes look like {}: if the file is "
        "in another encoding, {}",
        file, line_of(bytes, offset), byte, offset, likely, to_do(likely, settings));
  }
  throw DataError("{}:{}: the byte 0x{:02x} at offset {} of the file is not valid in the encoding {}{}; {}", file,
                  line_of(bytes, offset), byte, offset, encoding, advice(settings, " of {}encoding"),
                  find_invalid_utf8(bytes) ? "try another one" : "the file is valid UTF-8: try utf-8");
}

void refuse_nul(std::string_view text, std::string_view file, const std::string& settings) {
  const std::size_t nul = text.find('\0');
  if (nul == std::string_view::npos) return;
  throw DataError("{}:{}: a NUL byte at offset {}: this is no text, or text in another encoding; {}", file,
                  line_of(text, nul), nul, to_do("utf-16", settings));
}

}  // namespace

void encoding_field(config::Fields& f, std::string& encoding) {
  f("encoding", encoding, "of the files' characters, by any name that ICU knows: utf-8, iso-8859-1, gb18030");
}

void check_encoding(config::Checks& c, std::string_view prefix, const std::string& encoding) {
  if (!encoding.empty() && open_converter(encoding)) return;
  c.fail(fmt::format("{}encoding", prefix), fmt::format("there is no character encoding {}", in_quotes(encoding)));
}

std::string decode_file(std::string bytes, const std::string& encoding, std::string_view file,
                        const std::string& settings) {
  if (is_utf8(encoding)) {
    if (const auto bad = find_invalid_utf8(bytes)) refuse(bytes, *bad, encoding, file, settings);
  } else {
    const Converter converter = open_converter(encoding);
    if (!converter)
      throw UsageError("{}there is no character encoding '{}'", advice(settings, "{}encoding: "), encoding);
    Converted converted = convert(bytes, converter.get());
    if (converted.bad_offset) refuse(bytes, *converted.bad_offset, encoding, file, settings);
    bytes = std::move(converted.text);
  }
  refuse_nul(bytes, file, settings);
  if (bytes.starts_with(kByteOrderMark)) bytes.erase(0, kByteOrderMark.size());
  return bytes;
}

void check_utf8(std::string_view record, const Place& place) {
  if (const auto problem = text::why_no_text(record)) throw DataError("{}: {}", place.to_string(), *problem);
  if (const std::size_t at = record.find('\r'); at != std::string_view::npos) {
    throw DataError("{}: a carriage return at byte {} of the record: does a line end there? Replace it in the input",
                    place.to_string(), at + 1);
  }
}

}  // namespace albert::tasks
