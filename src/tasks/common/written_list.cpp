#include "tasks/common/written_list.h"

#include <algorithm>

#include "text/whitespace.h"

namespace albert::tasks {

namespace {

using List = std::vector<std::string>;

/// Reads the inside of the brackets of a list.
class ListParser {
 public:
  explicit ListParser(std::string_view inside) : rest_(text::trim(inside)) {}

  std::optional<List> parse() {
    List list;
    while (!rest_.empty()) {
      auto element = is_quote(rest_.front()) ? take_quoted() : take_bare();
      if (!element) return std::nullopt;
      list.push_back(std::move(*element));
      rest_ = text::trim_left(rest_);
      if (rest_.starts_with(',')) rest_ = text::trim_left(rest_.substr(1));
    }
    return list;
  }

 private:
  static bool is_quote(char c) { return c == '\'' || c == '"'; }

  std::optional<std::string> take_quoted() {
    const char quote = rest_.front();
    std::string element;
    for (std::size_t at = 1; at < rest_.size(); ++at) {
      if (rest_[at] == quote) {
        rest_.remove_prefix(at + 1);
        return element;
      }
      if (rest_[at] == '\\' && at + 1 < rest_.size()) ++at;
      element += rest_[at];
    }
    return std::nullopt;
  }

  /// A number or truth value; a word without quotes may be anything.
  std::optional<std::string> take_bare() {
    const std::size_t end = std::min(rest_.find_first_of(", \t\r\n"), rest_.size());
    const std::string element(rest_.substr(0, end));
    rest_.remove_prefix(end);
    const bool is_number = !element.empty() && element.find_first_not_of("0123456789.+-eE") == std::string::npos;
    return is_number || truth_of(element) ? std::optional(element) : std::nullopt;
  }

  std::string_view rest_;
};

}  // namespace

std::optional<std::vector<std::string>> parse_written_list(std::string_view cell) {
  const std::string_view text = text::trim(cell);
  if (text == "()" || text == "set()") return List();
  if (text.size() < 2) return std::nullopt;
  const std::string_view inside = text.substr(1, text.size() - 2);
  const bool is_quoted = inside.starts_with('\'') || inside.starts_with('"');
  const bool is_list =
      (text.front() == '[' && text.back() == ']') ||
      (is_quoted && ((text.front() == '(' && text.back() == ')') || (text.front() == '{' && text.back() == '}')));
  return is_list ? ListParser(inside).parse() : std::nullopt;
}

bool are_marks(std::span<const std::string> list) {
  return list.size() > 1 &&
         std::ranges::all_of(list, [](const std::string& element) { return truth_of(element).has_value(); });
}

std::optional<bool> truth_of(std::string_view text) {
  for (const std::string_view yes : {"1", "1.", "1.0", "true", "True", "TRUE"}) {
    if (text == yes) return true;
  }
  for (const std::string_view no : {"0", "0.", "0.0", "false", "False", "FALSE"}) {
    if (text == no) return false;
  }
  return std::nullopt;
}

}  // namespace albert::tasks
