#include "base/json.h"

#include <cmath>
#include <optional>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/shown.h"
#include "config/fields.h"
#include "tasks/common/json_object.h"
#include "tasks/text/columns.h"
#include "tasks/text/readers.h"

namespace albert::tasks {

namespace {

using nlohmann::json;

/// A member by the one of its names that it has.
struct Field {
  const std::string& name;
  const json& value;
};

std::optional<Field> find_field(const json& object, const ColumnNames& names) {
  for (const std::string& name : names) {
    if (const auto found = object.find(name); found != object.end() && !found->is_null()) return Field{name, *found};
  }
  return std::nullopt;
}

/// \param hint more that a message says
Field need_field(const json& object, const ColumnNames& names, const Place& place, const std::string& hint = {}) {
  if (const auto found = find_field(object, names)) return *found;
  for (const std::string& name : names) {
    if (object.contains(name)) throw DataError("{}: the field '{}' is null{}", place.to_string(), name, hint);
  }
  const std::vector<std::string> there = member_names(object);
  const std::string near = config::nearest(names.front(), there);
  throw DataError("{}: no field '{}' in the object, which has {}{}{}", place.to_string(), fmt::join(names, "' or '"),
                  there.empty() ? "none" : "the fields " + listed(there),
                  near.empty() ? "" : fmt::format("; is it '{}'?", shortened(near)), hint);
}

std::string need_text(const json& object, const ColumnNames& names, const Place& place) {
  const auto [name, value] = need_field(object, names, place);
  if (value.is_string()) return value.get<std::string>();
  throw DataError("{}: expected a text in the field '{}', found {}", place.to_string(), name, short_json(value));
}

/// A text as it is, a number or truth value as JSON writes it.
/// \param name of the member that holds it
std::string scalar(const json& value, const std::string& name, const Place& place) {
  if (value.is_string()) return value.get<std::string>();
  constexpr double kExact = 9'007'199'254'740'992;  // 2^53: beyond it, numbers that differ may read as the same
  if (value.is_number_float() && std::abs(value.get<double>()) >= kExact) {
    throw DataError("{}: the number in the field '{}' has more digits than are read; write it as a text, in quotes",
                    place.to_string(), name);
  }
  if (value.is_number() || value.is_boolean()) return value.dump();
  throw DataError("{}: expected a text or a number in the field '{}', found {}", place.to_string(), name,
                  short_json(value));
}

void read_labels(const json& object, const TextColumns& columns, bool need_labels, const std::string& if_unlabelled,
                 TextRecord& record) {
  for (const ColumnNames& names : columns.labels) {
    if (!need_labels && !record.is_labelled && !find_field(object, names)) return;
    const auto [name, value] = need_field(object, names, record.place, record.is_labelled ? "" : if_unlabelled);
    record.is_labelled = true;
    if (!value.is_array() || columns.labels.size() > 1) {
      record.labels.push_back(scalar(value, name, record.place));
    } else {
      record.labels_are_list = true;
      for (const json& label : value) record.labels.push_back(scalar(label, name, record.place));
    }
  }
}

}  // namespace

TextRecord parse_json_record(std::string_view line, const TextColumns& columns, bool need_labels, Place place,
                             const std::string& if_unlabelled) {
  const json object = parse_json_object(line, place);
  TextRecord record;
  record.place = std::move(place);
  if (!columns.first.empty()) record.first = need_text(object, columns.first, record.place);
  if (!columns.second.empty()) record.second = need_text(object, columns.second, record.place);
  if (find_field(object, columns.no_second)) refuse_second_text(columns.no_second.front(), record.place);
  if (const auto id = find_field(object, columns.id)) record.id = scalar(id->value, id->name, record.place);
  read_labels(object, columns, need_labels, if_unlabelled, record);
  return record;
}

}  // namespace albert::tasks
