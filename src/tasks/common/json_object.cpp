#include "tasks/common/json_object.h"

#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json_problem.h"
#include "tasks/common/excerpt.h"
#include "text/whitespace.h"

namespace albert::tasks {

using nlohmann::json;

namespace {

constexpr std::size_t kMaxProblemBytes = 160;  // it may quote a text of the file

/// Behind the closing quote of the string that begins there.
std::size_t end_of_string(std::string_view json, std::size_t begin) {
  std::size_t end = begin + 1;
  while (json[end] != '"') end += json[end] == '\\' ? 2 : 1;
  return end + 1;
}

std::string name_of_member(std::string_view member) {
  return json::parse(member.substr(0, end_of_string(member, 0))).get<std::string>();
}

}  // namespace

json parse_json(std::string_view text, const Place& place) {
  try {
    return json::parse(text);
  } catch (const json::parse_error& error) {
    throw DataError("{}: not valid JSON at byte {} of the {}: {}", place.to_string(), error.byte,
                    place.line > 0 ? "line" : "file", excerpt(json_problem_without_place(error), kMaxProblemBytes));
  } catch (const json::exception& error) {
    throw DataError("{}: JSON that cannot be read: {}", place.to_string(),
                    excerpt(json_problem(error), kMaxProblemBytes));
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
  throw DataError("{}: expected a JSON object, found {}", place.to_string(), object.type_name());
}

std::vector<std::string_view> json_parts(std::string_view json) {
  std::vector<std::string_view> parts;
  std::size_t depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') i = end_of_string(json, i) - 1;
    const bool opens = c == '{' || c == '[';
    const bool closes = c == '}' || c == ']';
    if (depth == 1 && (c == ',' || closes)) parts.push_back(text::trim(json.substr(begin, i - begin)));
    if ((depth == 0 && opens) || (depth == 1 && c == ',')) begin = i + 1;
    depth += opens ? 1 : 0;
    depth -= closes ? 1 : 0;
  }
  std::erase(parts, std::string_view());  // of an empty object or array
  return parts;
}

std::string json_text(const json& value, std::string_view name, const Place& place) {
  if (value.is_string()) return value.get<std::string>();
  throw DataError("{}: expected a text in '{}', found {}", place.to_string(), name, value.type_name());
}

std::string json_id(const json& object, const Place& place) {
  const auto found = object.find("id");
  if (found == object.end() || found->is_null()) return place.line > 0 ? std::to_string(place.line) : place.id;
  if (found->is_string()) return found->get<std::string>();
  if (found->is_number_integer()) return found->dump();
  throw DataError("{}: expected a text or a number in 'id', found {}", place.to_string(), found->type_name());
}

std::string add_json_members(std::string_view object, const nlohmann::ordered_json& members) {
  std::string out;
  const auto append = [&out](std::string_view name_and_value) {
    out += out.empty() ? '{' : ',';
    out += name_and_value;
  };
  for (const std::string_view member : json_parts(object)) {
    if (!members.contains(name_of_member(member))) append(member);
  }
  for (const auto& [name, value] : members.items()) append(json(name).dump() + ':' + value.dump());
  return out + '}';
}

}  // namespace albert::tasks
