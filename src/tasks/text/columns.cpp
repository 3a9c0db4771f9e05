#include "tasks/text/columns.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/shown.h"
#include "config/fields.h"
#include "tasks/common/place.h"

namespace albert::tasks {

namespace {

/// By name where the header has one of them, else by number.
std::optional<std::size_t> find_column(const ColumnNames& names, const std::vector<std::string>& header,
                                       std::size_t width, const Place& place) {
  for (const std::string& name : names) {
    const auto found = std::ranges::find(header, name);
    if (found == header.end()) continue;
    if (std::find(found + 1, header.end(), name) != header.end()) {
      throw DataError("{}: there are several columns '{}'; rename those that are not meant", place.to_string(),
                      shortened(name));
    }
    return static_cast<std::size_t>(found - header.begin());
  }
  for (const std::string& name : names) {
    if (const auto number = column_number(name); number && *number < width) return number;
  }
  return std::nullopt;
}

bool is_column_number(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

/// What to do where a header has no such column.
std::string remedy(const std::string& name, const std::vector<std::string>& header, const std::string& settings) {
  if (std::ranges::find(header, fmt::format("\"{}\"", name)) != header.end()) {
    return advice(settings, "; the names stand in quotes: set {}format: tsv_quoted");
  }
  if (const std::string near = config::nearest(name, header); !near.empty())
    return fmt::format("; is it '{}'?", shortened(near));
  if (is_column_number(name)) return fmt::format("; columns have numbers from 1, up to {} here", header.size());
  const std::size_t other = header.size() == 1 ? header.front().find_first_of(",;|") : std::string::npos;
  if (other != std::string::npos) return fmt::format("; columns seem to be apart by '{}' here", header.front()[other]);
  return advice(settings, "; name its columns ({}text, .label), or give their numbers from 1 if it has no header");
}

/// \param hint more that a message says
[[noreturn]] void refuse(const ColumnNames& names, const std::vector<std::string>& header, std::size_t width,
                         const Place& place, const std::string& settings, const std::string& hint) {
  if (header.empty()) {
    throw DataError("{}: there is no column {}: the row has {}{}", place.to_string(), fmt::join(names, " or "), width,
                    hint);
  }
  throw DataError("{}: no column '{}' in the header, which has the columns {}{}{}", place.to_string(),
                  fmt::join(names, "' or '"), listed(header), remedy(names.front(), header, settings), hint);
}

std::size_t need_column(const ColumnNames& names, const std::vector<std::string>& header, std::size_t width,
                        const Place& place, const std::string& settings) {
  const auto found = find_column(names, header, width, place);
  if (!found) refuse(names, header, width, place, settings, "");
  return *found;
}

}  // namespace

void refuse_second_text(const std::string& name, const Place& place) {
  throw DataError("{}: the model reads single texts, found a second one in '{}'; leave it out, or use a model of pairs",
                  place.to_string(), shortened(name));
}

std::optional<std::size_t> column_number(const std::string& name) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size() || number == 0) return std::nullopt;
  return number - 1;
}

TextColumnPlaces::TextColumnPlaces(const TextColumns& columns, const std::vector<std::string>& header,
                                   std::size_t width, bool need_labels, const Place& place, const std::string& settings,
                                   const std::string& if_unlabelled)
    : width_(width) {
  if (!columns.first.empty()) first_ = need_column(columns.first, header, width, place, settings);
  if (!columns.second.empty()) second_ = need_column(columns.second, header, width, place, settings);
  if (find_column(columns.no_second, header, width, place)) refuse_second_text(columns.no_second.front(), place);
  id_ = find_column(columns.id, header, width, place);
  for (const ColumnNames& names : columns.labels) {
    if (const auto found = find_column(names, header, width, place)) {
      labels_.push_back(*found);
    } else if (need_labels || !labels_.empty()) {
      refuse(names, header, width, place, settings, labels_.empty() ? if_unlabelled : "");
    }
  }
  if (labels_.size() < columns.labels.size()) labels_.clear();
  refuse_shared_columns(place, settings);
}

/// A column may be named in one place and numbered in another.
void TextColumnPlaces::refuse_shared_columns(const Place& place, const std::string& settings) const {
  std::map<std::size_t, std::string_view> taken;
  const auto take = [&](std::string_view name, std::size_t column) {
    const auto [other, is_new] = taken.emplace(column, name);
    if (is_new) return;
    throw DataError("{}: {}{} and {}{} are both column {}; each needs its own", place.to_string(), settings,
                    other->second, settings, name, column + 1);
  };
  if (first_) take("text", *first_);
  if (second_) take("second_text", *second_);
  for (const std::size_t label : labels_) take("label", label);
}

TextRecord TextColumnPlaces::record(const std::vector<std::string>& fields, Place place) const {
  TextRecord record;
  record.place = std::move(place);
  if (first_) record.first = fields[*first_];
  if (second_) record.second = fields[*second_];
  if (id_) record.id = fields[*id_];
  record.is_labelled = has_labels();
  for (const std::size_t label : labels_) record.labels.push_back(fields[label]);
  return record;
}

bool has_columns(const TextColumns& columns, const std::vector<std::string>& row, bool has_header, bool need_labels) {
  std::vector<ColumnNames> wanted = {columns.first, columns.second};
  if (need_labels) wanted.insert(wanted.end(), columns.labels.begin(), columns.labels.end());
  return std::ranges::all_of(wanted, [&](const ColumnNames& names) {
    return names.empty() || std::ranges::any_of(names, [&](const std::string& name) {
             if (has_header && std::ranges::find(row, name) != row.end()) return true;
             const auto number = column_number(name);
             return number && *number < row.size();
           });
  });
}

bool names_texts(const TextColumns& columns, const std::vector<std::string>& row) {
  const auto is_named = [&](const ColumnNames& names) {
    return std::ranges::any_of(names,
                               [&](const std::string& name) { return std::ranges::find(row, name) != row.end(); });
  };
  return is_named(columns.first) && (columns.second.empty() || is_named(columns.second));
}

}  // namespace albert::tasks
