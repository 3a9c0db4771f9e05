#include "tasks/common/written_number.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <system_error>

#include "base/error.h"
#include "base/shown.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

bool is_missing_value(std::string_view text) {
  constexpr std::array<std::string_view, 5> kNames = {"nan", "na", "n/a", "null", "none"};
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text.empty() || std::ranges::find(kNames, lower) != kNames.end();
}

bool has_decimal_comma(std::string_view text) {
  std::string with_point(text);
  std::ranges::replace(with_point, ',', '.');
  return std::ranges::count(text, ',') == 1 && written_number(with_point);
}

}  // namespace

std::optional<double> written_number(std::string_view text) {
  text = text::trim(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

void refuse_number(const std::string& text, const Place& place, std::string_view where,
                   std::string_view of_first_line) {
  const std::string_view bare = text::trim(text);
  std::string_view advice;
  if (has_decimal_comma(bare)) {
    advice = "; write a decimal point in place of the comma";
  } else if (is_missing_value(bare)) {
    advice = "; a row without a number is nothing to learn from: remove it";
  } else if (place.line == 1) {
    advice = of_first_line;
  }
  throw DataError("{}: expected a number{}{}, found {}{}", place.to_string(), where.empty() ? "" : " ", where,
                  in_quotes(text), advice);
}

}  // namespace albert::tasks
