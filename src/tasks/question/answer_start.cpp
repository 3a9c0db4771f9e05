#include "tasks/question/answer_start.h"

#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "base/utf8.h"

namespace albert::tasks {

namespace {

/// The text as it is with another one for each line feed, and with none for carriage returns.
std::string with_line_ends(std::string_view text, std::string_view line_end) {
  std::string changed;
  for (const char c : text) {
    if (c == '\n') {
      changed += line_end;
    } else if (c != '\r') {
      changed += c;
    }
  }
  return changed;
}

bool fits_lines(std::string_view context, std::int64_t start, std::string_view answer, std::string_view line_end) {
  return find_at_character(with_line_ends(context, line_end), start, with_line_ends(answer, line_end)).has_value();
}

bool fits_utf16(std::string_view context, std::int64_t start, std::string_view answer) {
  std::size_t byte = 0;
  for (std::int64_t unit = 0; unit < start && byte < context.size();) {
    const std::uint32_t size = utf8_length(context[byte]);
    unit += size == 4 ? 2 : 1;
    byte += size;
  }
  return context.substr(std::min(byte, context.size())).starts_with(answer);
}

bool fits_bytes(std::string_view context, std::int64_t start, std::string_view answer) {
  const auto byte = static_cast<std::size_t>(start);
  return byte < context.size() && context.substr(byte).starts_with(answer);
}

struct Counting {
  std::string_view name;
  bool (*fits)(std::string_view context, std::int64_t start, std::string_view answer);
};

constexpr Counting kCountings[] = {
    {"in UTF-16 units", fits_utf16},
    {"without carriage returns",
     [](auto context, auto start, auto answer) { return fits_lines(context, start, answer, "\n"); }},
    {"with a carriage return before each line feed",
     [](auto context, auto start, auto answer) { return fits_lines(context, start, answer, "\r\n"); }},
    {"in bytes", fits_bytes},
    {"from 1",
     [](auto context, auto start, auto answer) { return find_at_character(context, start - 1, answer).has_value(); }},
};

}  // namespace

std::size_t byte_of_character(std::string_view text, std::int64_t number) {
  std::size_t offset = 0;
  for (; number > 0 && offset < text.size(); --number) offset += utf8_length(text[offset]);
  return std::min(offset, text.size());
}

std::optional<std::size_t> find_at_character(std::string_view context, std::int64_t start, std::string_view answer) {
  if (start < 0) return std::nullopt;
  const std::size_t begin = byte_of_character(context, start);
  if (!context.substr(begin).starts_with(answer)) return std::nullopt;
  return begin;
}

std::string_view other_counting(std::string_view context, std::int64_t start, std::string_view answer) {
  if (start < 0) return {};
  const auto found =
      std::ranges::find_if(kCountings, [&](const Counting& counting) { return counting.fits(context, start, answer); });
  return found == std::end(kCountings) ? std::string_view() : found->name;
}

void MisplacedCount::add(std::string_view counting) {
  ++total;
  if (!counting.empty()) ++by_counting[counting];
}

void MisplacedCount::add(const MisplacedCount& others) {
  total += others.total;
  for (const auto& [counting, count] : others.by_counting) by_counting[counting] += count;
}

std::string MisplacedCount::reasons() const {
  std::string text;
  for (const auto& [counting, count] : by_counting) {
    text += fmt::format(", {} of them with {} counted {}", count, count == 1 ? "a start" : "starts", counting);
  }
  return text;
}

}  // namespace albert::tasks
