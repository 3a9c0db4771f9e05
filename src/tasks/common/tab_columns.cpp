#include "tasks/common/tab_columns.h"

#include <algorithm>
#include <utility>

#include <spdlog/fmt/ranges.h>

#include "base/log.h"
#include "base/shown.h"
#include "tasks/common/table.h"

namespace albert::tasks {

std::vector<std::string_view> split_fields(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  for (std::size_t begin = 0;;) {
    const std::size_t end = line.find(separator, begin);
    fields.push_back(line.substr(begin, end - begin));
    if (end == std::string_view::npos) return fields;
    begin = end + 1;
  }
}

void check_new_columns(const std::vector<std::string>& added, const std::vector<std::string>& names,
                       const Place& place) {
  for (const std::string& name : added) {
    if (std::ranges::find(names, name) == names.end()) continue;
    throw DataError(
        "{}: there is a column '{}' already, beside which a new one would not be found; rename or remove it",
        place.to_string(), shortened(name));
  }
}

std::string row_without_answer(std::string_view row, std::size_t num_columns, std::size_t num_added, bool quoted) {
  const bool may_be_broken = quoted && row.find('"') != std::string_view::npos;
  const bool is_row = !may_be_broken && split_fields(row).size() == num_columns;
  return (is_row ? std::string(row) : std::string(num_columns - 1, '\t')) + std::string(num_added, '\t');
}

TabColumns::TabColumns(std::string_view header, Place place) : place_(std::move(place)) {
  for (const std::string_view name : split_fields(header)) names_.emplace_back(name);
}

std::optional<std::size_t> TabColumns::find(std::string_view name) const {
  const auto found = std::ranges::find(names_, name);
  if (found == names_.end()) return std::nullopt;
  if (std::find(found + 1, names_.end(), name) != names_.end()) {
    throw DataError("{}: there are several columns '{}'; rename those that are not meant", place_.to_string(),
                    shortened(name));
  }
  return static_cast<std::size_t>(found - names_.begin());
}

void TabColumns::refuse(std::string_view expected) const {
  throw DataError("{}: expected {}, found: {}", place_.to_string(), expected, listed(names_));
}

void TabColumns::check_quotes(const std::vector<std::string_view>& fields, const Place& place) const {
  if (has_doubled_quotes(fields)) {
    throw DataError(
        "{}: fields stand in quotes, with quotes doubled inside, but in this table of tabs quotes are characters; take "
        "them away, or use JSON lines",
        place.to_string());
  }
  const bool are_all_quoted = fields.size() > 1 && std::ranges::all_of(fields, stands_in_quotes);
  if (!are_all_quoted || was_warned_) return;
  was_warned_ = true;
  log_warning(
      "{}: all fields stand in quotes, which are read as a part of them in this table of tabs; if they are not a part "
      "of the texts, take them away, or use JSON lines",
      place.to_string());
}

std::vector<std::string_view> TabColumns::split(std::string_view row, const Place& place) const {
  std::vector<std::string_view> fields = split_fields(row);
  check_quotes(fields, place);
  if (fields.size() == names_.size()) return fields;
  throw DataError("{}: expected {} columns as in the header, found {}", place.to_string(), names_.size(),
                  fields.size());
}

}  // namespace albert::tasks
