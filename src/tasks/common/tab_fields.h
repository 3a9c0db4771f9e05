#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "tasks/common/place.h"

namespace albert::tasks {

/// The name of the column, or member, that holds what was predicted in one's own files.
inline constexpr const char* kPredictionColumn = "prediction";

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
inline Place place_of_header() {
  return {.file = "standard input", .line = 1, .id = {}};
}

/// Throws DataError if a table has a column of the name that the predictions' one gets: whoever reads the table by
/// names would find the older one. \param added that name \param names of its columns \param place of its header
inline void check_new_column(std::string_view added, const std::vector<std::string>& names, const Place& place) {
  if (std::ranges::find(names, added) == names.end()) return;
  throw DataError("{}: there is a column '{}' already, beside which a new one would not be found; rename or remove it",
                  place.to_string(), added);
}

}  // namespace albert::tasks
