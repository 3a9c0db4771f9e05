#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <unicode/ucsdet.h>

#include "base/error.h"
#include "corpus/reading/clean_text.h"
#include "corpus/reading/content_kind.h"
#include "text/foreign_format.h"

namespace albert::corpus {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kLeaveOut = "leave it out";

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
  return U_FAILURE(status) || std::string_view(name) == "UTF-8" ? "" : name;
}

Finding other_encoding(std::uint64_t num_invalid, std::string_view bytes) {
  const std::string guess = guess_encoding(bytes);
  return {.name = fmt::format("bytes of which {:.0f}% are no UTF-8", 100 * share(num_invalid, bytes)),
          .advice = fmt::format("if it is text in another encoding{}, convert it with: iconv -f {} -t UTF-8",
                                guess.empty() ? "" : fmt::format(" ({}?)", guess), guess.empty() ? "ENCODING" : guess)};
}

/// Text in an encoding that its byte order mark names.
std::optional<Finding> find_marked_encoding(std::string_view bytes) {
  for (const auto& [mark, name] :
       {std::pair("\xff\xfe\0\0"sv, "UTF-32"), {"\xff\xfe"sv, "UTF-16"}, {"\xfe\xff"sv, "UTF-16"}}) {
    if (!bytes.starts_with(mark)) continue;
    return Finding{.name = fmt::format("{} text", name),
                   .advice = fmt::format("convert it with: iconv -f {} -t UTF-8", name)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Finding> find_binary(const Head& head) {
  if (head.bytes.empty()) return std::nullopt;
  if (const std::optional<text::ForeignFormat> format = text::find_foreign_format(head.bytes)) {
    return Finding{.name = std::string(format->name), .advice = std::string(format->advice)};
  }
  if (std::optional<Finding> encoding = find_marked_encoding(head.bytes)) return encoding;
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
