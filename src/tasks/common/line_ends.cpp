#include "tasks/common/line_ends.h"

#include "base/error.h"

namespace albert::tasks {

std::int64_t count_line_ends(std::string_view text) {
  std::int64_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (LineEnds::length_at(text, at) == 1) ++count;  // of both bytes the second one is counted
  }
  return count;
}

std::size_t LineEnds::length_at(std::string_view text, std::size_t at) {
  if (text[at] == '\n') return 1;
  if (text[at] != '\r') return 0;
  return at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
}

std::size_t LineEnds::take(std::string_view text, std::size_t at, std::int64_t line) {
  const std::size_t length = length_at(text, at);
  if (at + length == text.size() && text[at] == '\r') return length;  // what a cut file may end in
  const char last = text[at + length - 1];
  if (last_ == '\0') last_ = last;
  if (last == last_) return length;
  throw DataError(
      "{}:{}: a {} here, but the lines before end in {}; make all ends alike (perl -pi -e 's/\\r+\\n|\\r/\\n/g' FILE), "
      "or take the carriage returns out of the text",
      file_, line, last == '\r' ? "carriage return (CR) alone" : "line feed (LF)",
      last_ == '\r' ? "carriage returns (CR) alone" : "line feeds (LF)");
}

}  // namespace albert::tasks
