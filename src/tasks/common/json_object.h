#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tasks/common/place.h"

namespace albert::tasks {

/// A text that is JSON of any kind. Throws DataError, here and below, naming the place; also for a number that is too
/// large, and for a NUL in a text.
nlohmann::json parse_json(std::string_view text, const Place& place);

/// A line that holds a JSON object; of a whole file in JSON the message says that lines are expected.
nlohmann::json parse_json_object(std::string_view line, const Place& place);

/// The members of an object with their names, or the elements of an array, as they stand in its text.
/// \param text of a valid object or array
std::vector<std::string_view> json_parts(std::string_view text);

/// Whether a name ends as those of JSON do: .json, .jsonl, .ndjson.
bool has_json_name(const std::filesystem::path& file);

/// Whether a file holds JSON lines: by its name, or, unless that ends in .csv or .tsv, by how it begins.
bool are_json_lines(const std::filesystem::path& file);

/// The names of an object's members.
std::vector<std::string> member_names(const nlohmann::json& object);

/// Throws DataError: an object lacks a member. Names those that it has, and what is expected.
[[noreturn]] void refuse_without(const nlohmann::json& object, std::string_view name, std::string_view expected,
                                 const Place& place);

/// A whole number, also as programs write those of a column with gaps: 1.0. Nothing for any other value, and for one
/// that 64 bits with a sign do not hold.
std::optional<std::int64_t> whole_json_number(const nlohmann::json& value);

/// A value that must be a text.
/// \param name of the member that holds it, for the message
std::string json_text(const nlohmann::json& value, std::string_view name, const Place& place);

/// A value that names a record: a text or a whole number.
std::string json_id_value(const nlohmann::json& id, const Place& place);

/// The member "id", a text or a number; if there is none, the number of the line or of the array's element.
std::string json_id(const nlohmann::json& object, const Place& place);

/// Throws DataError if an object has a member already of a name that predictions add.
/// \param added names that are added
/// \param object the text of a valid object
void check_new_members(const std::vector<std::string>& added, std::string_view object, const Place& place);

/// What stands for a record that gets no answer: the object, if it is one that can be read, without members of the names
/// that are added, which would be taken for an answer; else an empty object.
/// \param record a line, of any content
std::string object_without_answer(std::string_view record, const std::vector<std::string>& added);

/// An object with members added behind its others, which stay as they stand in its text: a number keeps all its digits.
/// \param object the text of a valid object
/// \param members an object; where there is a member of the same name already, that one stays alone
std::string add_json_members(std::string_view object, const nlohmann::ordered_json& members);

}  // namespace albert::tasks
