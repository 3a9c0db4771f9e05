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

/// Digits in groups: 11,813,810. Not for negative numbers.
template <std::integral Number>
std::string grouped(Number number) {
  std::string digits = std::to_string(number);
  for (std::size_t i = digits.size(); i > 3;) digits.insert(i -= 3, 1, ',');
  return digits;
}

}  // namespace albert
