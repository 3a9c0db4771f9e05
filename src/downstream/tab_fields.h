#pragma once

#include <string_view>
#include <vector>

#include "datasets/place.h"

namespace albert::downstream {

/// What stands between the tabs of a line.
inline std::vector<std::string_view> split_tabs(std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t tab = line.find('\t');
    fields.push_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return fields;
    line.remove_prefix(tab + 1);
  }
}

/// Where the header of a stream of columns stands, for messages.
inline datasets::Place place_of_header() {
  return {.file = "standard input", .line = 1, .id = {}};
}

}  // namespace albert::downstream
