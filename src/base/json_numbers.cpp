#include "base/json_numbers.h"

#include <array>

#include <fmt/compile.h>

namespace albert {

void append_json(float number, std::string& out) {
  std::array<char, 32> digits;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled as far as it is read
  out.append(digits.data(), fmt::format_to(digits.data(), FMT_COMPILE("{}"), number));
}

void append_json(std::span<const float> numbers, std::string& out) {
  constexpr std::size_t kUsualLength = 14;
  out.reserve(out.size() + kUsualLength * numbers.size());
  append_list(numbers.size(), out, [&](std::size_t i) { append_json(numbers[i], out); });
}

}  // namespace albert
