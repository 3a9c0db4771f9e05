#include "tasks/common/float_digits.h"

#include <charconv>

namespace albert::tasks {

double float_digits(double value) {
  char digits[32];
  const char* const end = std::to_chars(digits, digits + sizeof digits, static_cast<float>(value)).ptr;
  double number = value;  // stays if it is none: NaN
  std::from_chars(digits, end, number);
  return number;
}

}  // namespace albert::tasks
