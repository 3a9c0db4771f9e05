#pragma once

#include <string_view>
#include <vector>

namespace albert::downstream {

/// What stands between the tabs of a line, without the "\r" that may end it.
inline std::vector<std::string_view> split_tabs(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t tab = line.find('\t');
    fields.push_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return fields;
    line.remove_prefix(tab + 1);
  }
}

}  // namespace albert::downstream
