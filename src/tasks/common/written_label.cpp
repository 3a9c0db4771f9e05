#include "tasks/common/written_label.h"

#include <algorithm>

#include "base/error.h"
#include "base/shown.h"

namespace albert::tasks {

void check_written_label(const std::string& label, std::string_view where) {
  constexpr unsigned char kDelete = 0x7F;
  const auto is_control = [](unsigned char c) { return c < ' ' || c == kDelete; };
  if (std::ranges::none_of(label, is_control)) return;
  throw DataError(
      "{}: the label {} holds a control character, such as a tab or a line's end, with which it cannot be written to "
      "lines and columns; give it another name in the data",
      where, in_quotes(label));
}

}  // namespace albert::tasks
