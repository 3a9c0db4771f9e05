#include "tasks/common/json_object.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/shown.h"
#include "base/utf8.h"
#include "tasks/common/tab_columns.h"
#include "text/whitespace.h"

namespace albert::tasks {

using nlohmann::json;

namespace {

/// Behind the closing quote of the string that begins there.
std::size_t end_of_string(std::string_view json, std::size_t begin) {
  std::size_t end = begin + 1;
  while (json[end] != '"') end += json[end] == '\\' ? 2 : 1;
  return end + 1;
}

bool is_json_object(std::string_view text) {
  try {
    return read_json(text).is_object();
  } catch (const json::exception&) {
    return false;
  }
}

/// Throws if a valid text of JSON writes a NUL, which no text of a table holds either.
void refuse_nul(std::string_view json, const Place& place) {
  for (std::size_t at = 0; (at = json.find("\\u0000", at)) != std::string_view::npos; ++at) {
    const std::size_t before = json.find_last_not_of('\\', at);  // an opening quote at the latest
    if ((at - before) % 2 == 0) continue;                        // it is the backslash that is written
    throw DataError("{}: a NUL (\\u0000) in a text, at byte {}; take it away", place.to_string(), at + 1);
  }
}

std::string name_of_member(std::string_view member) {
  return json::parse(member.substr(0, end_of_string(member, 0))).get<std::string>();
}

}  // namespace

json parse_json(std::string_view text, const Place& place) {
  try {
    json value = read_json(text);
    refuse_nul(text, place);
    return value;
  } catch (const json::parse_error& error) {
    throw DataError("{}: not valid JSON at byte {} of the {}: {}", place.to_string(), error.byte,
                    place.line > 0 ? "line" : "file", json_problem_without_place(error));
  } catch (const json::exception& error) {
    throw DataError("{}: JSON that cannot be read: {}", place.to_string(), json_problem(error));
  }
}

json parse_json_object(std::string_view line, const Place& place) {
  const std::string_view bare = text::trim(line);
  if (bare.starts_with('[')) {
    throw DataError("{}: expected a JSON object on each line, found an array; `jq -c '.[]'` makes lines of its objects",
                    place.to_string());
  }
  if (bare == "{") {
    throw DataError("{}: not valid JSON: the object goes on over several lines; `jq -c .` makes a line of it",
                    place.to_string());
  }
  json object = parse_json(line, place);
  if (object.is_object()) return object;
  throw DataError("{}: expected a JSON object, found {}", place.to_string(), short_json(object));
}

std::vector<std::string_view> json_parts(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') i = end_of_string(text, i) - 1;
    const bool opens = c == '{' || c == '[';
    const bool closes = c == '}' || c == ']';
    if (depth == 1 && (c == ',' || closes)) parts.push_back(albert::text::trim(text.substr(begin, i - begin)));
    if ((depth == 0 && opens) || (depth == 1 && c == ',')) begin = i + 1;
    depth += opens ? 1 : 0;
    depth -= closes ? 1 : 0;
  }
  std::erase(parts, std::string_view());  // of an empty object or array
  return parts;
}

bool has_json_name(const fs::path& file) {
  const std::string extension = file.extension().string();
  return extension == ".json" || extension == ".jsonl" || extension == ".ndjson";
}

bool are_json_lines(const fs::path& file) {
  if (has_json_name(file)) return true;
  const std::string extension = file.extension().string();
  // A pipe can be read once only.
  if (extension == ".csv" || extension == ".tsv" || !fs::is_regular_file(file)) return false;
  const std::string content = read_file(file);
  std::string_view text = content;
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text::trim_left(text).starts_with('{');
}

std::vector<std::string> member_names(const json& object) {
  std::vector<std::string> names;
  for (const auto& member : object.items()) names.push_back(member.key());
  return names;
}

std::optional<std::int64_t> whole_json_number(const json& value) {
  constexpr double kExact = 9007199254740992;  // 2^53: below it a double tells every whole number from the next
  if (value.is_number_unsigned() && value > std::uint64_t{INT64_MAX}) return std::nullopt;
  if (value.is_number_integer()) return value.get<std::int64_t>();
  const double number = value.is_number_float() ? value.get<double>() : std::nan("");
  if (!(std::abs(number) < kExact) || number != std::trunc(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

void refuse_without(const json& object, std::string_view name, std::string_view expected, const Place& place) {
  const std::vector<std::string> there = member_names(object);
  throw DataError("{}: no field '{}' in the object, which has {}; expected {}", place.to_string(), name,
                  there.empty() ? "none" : "the fields " + listed(there), expected);
}

std::string json_text(const json& value, std::string_view name, const Place& place) {
  if (value.is_string()) return value.get<std::string>();
  throw DataError("{}: expected a text in '{}', found {}", place.to_string(), name, short_json(value));
}

std::string json_id_value(const json& id, const Place& place) {
  if (id.is_string()) return id.get<std::string>();
  if (id.is_number_integer()) return id.dump();
  if (const auto number = whole_json_number(id)) return std::to_string(*number);
  throw DataError("{}: expected a text or a whole number in 'id', found {}", place.to_string(), short_json(id));
}

std::string json_id(const json& object, const Place& place) {
  const auto found = object.find("id");
  if (found == object.end() || found->is_null()) {
    return place.line > 0 ? std::to_string(place.line) : place.id.substr(place.id.rfind(' ') + 1);  // of "record 7"
  }
  return json_id_value(*found, place);
}

void check_new_members(const std::vector<std::string>& added, std::string_view object, const Place& place) {
  for (const std::string_view member : json_parts(object)) {
    const std::string name = name_of_member(member);
    if (std::ranges::find(added, name) == added.end()) continue;
    throw DataError(
        "{}: there is a member '{}' already, which the prediction would replace; rename or remove it (jq -c "
        "'del(.{})')",
        place.to_string(), name, name);
  }
}

std::string object_without_answer(std::string_view record, const std::vector<std::string>& added) {
  const std::string_view object = text::trim(record);
  if (!is_json_object(object)) return "{}";
  const auto is_taken = [&](std::string_view member) {
    return std::ranges::find(added, name_of_member(member)) != added.end();
  };
  std::vector<std::string_view> members = json_parts(object);
  return std::erase_if(members, is_taken) == 0 ? std::string(object) : fmt::format("{{{}}}", fmt::join(members, ","));
}

std::string add_json_members(std::string_view object, const nlohmann::ordered_json& members) {
  std::string out;
  const auto append = [&out](std::string_view name_and_value) {
    out += out.empty() ? '{' : ',';
    out += name_and_value;
  };
  std::set<std::string> names;
  for (const std::string_view member : json_parts(object)) {
    names.insert(name_of_member(member));
    append(member);
  }
  for (const auto& [name, value] : members.items()) {
    if (!names.contains(name)) append(json(name).dump() + ':' + value.dump());
  }
  return out + '}';
}

}  // namespace albert::tasks
