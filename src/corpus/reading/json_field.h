#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace albert::corpus {

/// The field of an object that has the name; where there is none, and the name has dots, the field of an object in it:
/// "doc.body.text" is the field "text" of "body" of "doc".
/// \return nullptr if there is none
nlohmann::json* find_json_field(nlohmann::json& object, std::string_view name);

/// The names of an object's fields for a message: those that hold text, also in objects within, as find_json_field()
/// takes them; without such, all names. A few of them, cut where they are long.
std::string json_fields(const nlohmann::json& object);

}  // namespace albert::corpus
