#include "downstream/held_out.h"

#include <charconv>
#include <cstdint>

#include "base/file.h"

namespace albert::downstream {

bool is_held_out(std::string_view content, double share) {
  std::uint32_t number = 0;  // uniform, from the first eight hexadecimal digits
  const std::string digits = checksum_of(content).substr(0, 8);
  std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  return number * 0x1p-32 < share;
}

}  // namespace albert::downstream
