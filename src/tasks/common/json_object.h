#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tasks/common/place.h"

namespace albert::tasks {

/// A text that is JSON of any kind. Throws DataError, here and below, naming the place; also for a number that is too
/// large.
nlohmann::json parse_json(std::string_view text, const Place& place);

/// A line that holds a JSON object; of a whole file in JSON the message says that lines are expected.
nlohmann::json parse_json_object(std::string_view line, const Place& place);

/// The members of an object with their names, or the elements of an array, as they stand in its text.
/// \param json the text of a valid object or array
std::vector<std::string_view> json_parts(std::string_view json);

/// A value that must be a text.
/// \param name of the member that holds it, for the message
std::string json_text(const nlohmann::json& value, std::string_view name, const Place& place);

/// The member "id", a text or a number; if there is none, the number of the line or of the array's element.
std::string json_id(const nlohmann::json& object, const Place& place);

/// An object with members added behind its others, which stay as they stand in its text: a number keeps all its digits.
/// \param object the text of a valid object
/// \param members an object; replace those of the same name
std::string add_json_members(std::string_view object, const nlohmann::ordered_json& members);

}  // namespace albert::tasks
