#include "tasks/common/written_number.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <system_error>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "base/error.h"
#include "base/shown.h"
#include "tasks/common/tab_columns.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

bool is_missing_value(std::string_view text) {
  constexpr std::array<std::string_view, 5> kNames = {"nan", "na", "n/a", "null", "none"};
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text.empty() || std::ranges::find(kNames, lower) != kNames.end();
}

bool are_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Whether a number has signs between its thousands: 1,234 and 1,234,567.8.
/// \param sign between thousands
/// \param decimal sign before a fraction
bool has_thousands(std::string_view text, char sign, char decimal) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t end = std::min(text.find(decimal), text.size());
  if (end < text.size() && !are_digits(text.substr(end + 1))) return false;
  const std::vector<std::string_view> groups = split_fields(text.substr(0, end), sign);
  const bool has_first = are_digits(groups.front()) && groups.front().size() <= 3 && groups.front() != "0";
  return has_first && groups.size() > 1 && std::ranges::all_of(groups.begin() + 1, groups.end(), [](auto group) {
           return group.size() == 3 && are_digits(group);
         });
}

bool has_decimal_comma(std::string_view text) {
  std::string with_point(text);
  std::ranges::replace(with_point, ',', '.');
  return std::ranges::count(text, ',') == 1 && written_number(with_point);
}

/// What to do about a number as spreadsheets and people write one; empty for any other text.
std::string_view advice_on_form(std::string_view text) {
  constexpr std::string_view kMinus = "\u2212";
  constexpr std::string_view kPercent = "%";
  if (text.starts_with(kMinus)) {
    const std::string with_hyphen = fmt::format("-{}", text.substr(kMinus.size()));
    return written_number(with_hyphen) || !advice_on_form(with_hyphen).empty()
               ? "; its minus is the sign U+2212: write a hyphen (-) in its place"
               : "";
  }
  if (text.ends_with(kPercent)) {
    const std::string_view bare = text::trim(text.substr(0, text.size() - kPercent.size()));
    return written_number(bare) || !advice_on_form(bare).empty() ? "; take the percent sign away from every row" : "";
  }
  const bool may_be_thousands = has_thousands(text, ',', '.');
  if (may_be_thousands && has_decimal_comma(text))
    return "; write a decimal point in place of the comma, or nothing if the comma parts thousands";
  if (may_be_thousands) return "; take away the commas that part thousands";
  if (has_thousands(text, '.', ','))
    return "; take away the points that part thousands, and write a decimal point in place of a comma";
  return has_decimal_comma(text) ? "; write a decimal point in place of the comma" : "";
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

void refuse_number(const std::string& text, const Place& place, std::string_view where, const NumberAdvice& advice) {
  const std::string_view bare = text::trim(text);
  std::string_view hint = advice_on_form(bare);
  if (is_missing_value(bare)) {
    hint = advice.missing;
  } else if (hint.empty() && place.line == 1) {
    hint = advice.first_line;
  }
  throw DataError("{}: expected a number{}{}, found {}{}", place.to_string(), where.empty() ? "" : " ", where,
                  in_quotes(text), hint);
}

}  // namespace albert::tasks
