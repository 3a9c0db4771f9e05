#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "tasks/common/place.h"

/// Members of the JSON that holds questions. Included by their readers only.
namespace albert::tasks {

/// The member, or null; JSON's own null counts as none. Throws DataError for what is no object.
const nlohmann::json* find_member(const nlohmann::json& object, const char* name, const Place& place);

/// A member that must be there. Throws DataError.
const std::string& text_member(const nlohmann::json& object, const char* name, const Place& place);
const nlohmann::json& list_member(const nlohmann::json& object, const char* name, const Place& place);

/// Text that must not be empty. Throws DataError.
const std::string& nonempty_member(const nlohmann::json& object, const char* name, const Place& place);

/// An id, which is text or a whole number; empty if there is none. Throws DataError.
std::string id_member(const nlohmann::json& object, const Place& place);

}  // namespace albert::tasks
