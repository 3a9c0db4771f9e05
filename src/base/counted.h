#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include <spdlog/fmt/fmt.h>

namespace albert {

/// A number of things, for messages: "1 file", "12 files".
/// \param noun of one thing; its plural ends in s
template <std::integral Count>
std::string counted(Count count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

/// The same for a noun with another plural: counted(2, "micro-batch", "micro-batches").
template <std::integral Count>
std::string counted(Count count, std::string_view noun, std::string_view plural) {
  return fmt::format("{} {}", count, count == 1 ? noun : plural);
}

/// A share of 1 in percent, with the digits that tell something: "0.032%", "4.7%", "100%".
inline std::string percent(double share) {
  const double value = 100 * share;
  if (value > 0 && value < 0.001) return "less than 0.001%";
  return value < 10 ? fmt::format("{:.2g}%", value) : fmt::format("{:.0f}%", value);
}

/// Digits in groups: 11,813,810. Not for negative numbers.
template <std::integral Number>
std::string grouped(Number number) {
  std::string digits = std::to_string(number);
  for (std::size_t i = digits.size(); i > 3;) digits.insert(i -= 3, 1, ',');
  return digits;
}

}  // namespace albert
