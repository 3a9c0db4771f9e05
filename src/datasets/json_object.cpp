#include "datasets/json_object.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json_problem.h"

namespace albert::datasets {

using nlohmann::json;

json parse_json(std::string_view text, const Place& place) {
  try {
    return json::parse(text);
  } catch (const json::parse_error& error) {
    throw DataError("{}: not valid JSON at byte {} of the {}: {}", place.to_string(), error.byte,
                    place.line > 0 ? "line" : "file", json_problem_without_place(error));
  } catch (const json::exception& error) {
    throw DataError("{}: JSON that cannot be read: {}", place.to_string(), json_problem(error));
  }
}

json parse_json_object(std::string_view line, const Place& place) {
  json object = parse_json(line, place);
  if (object.is_object()) return object;
  throw DataError("{}: expected a JSON object, found {}", place.to_string(), object.type_name());
}

std::string json_text(const json& value, std::string_view name, const Place& place) {
  if (value.is_string()) return value.get<std::string>();
  throw DataError("{}: expected a text in '{}', found {}", place.to_string(), name, value.type_name());
}

std::string json_id(const json& object, const Place& place) {
  const auto found = object.find("id");
  if (found == object.end() || found->is_null()) return std::to_string(place.line);
  if (found->is_string()) return found->get<std::string>();
  if (found->is_number_integer()) return found->dump();
  throw DataError("{}: expected a text or a number in 'id', found {}", place.to_string(), found->type_name());
}

}  // namespace albert::datasets
