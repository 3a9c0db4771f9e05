#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

/// JSON that others wrote. Nothing else in the program makes values of any, or quotes them: what nlohmann/json does
/// with a value beyond reading it (copies, prints, compares) calls itself once for each level, and ends the process
/// where they are many.
namespace albert {

/// The objects and lists that a text of JSON may hold inside of each other.
inline constexpr std::size_t kMaxJsonDepth = 256;

/// Reads a text of JSON.
/// Throws nlohmann::json::parse_error, also for one that is nested deeper than kMaxJsonDepth, and other
/// nlohmann::json::exceptions for what is no JSON value, such as a number that is too large, and for an object that has
/// a key twice: which of the two values is meant, nobody knows.
nlohmann::json read_json(std::string_view text);

/// The same with the members of objects in the order of the text.
nlohmann::ordered_json read_ordered_json(std::string_view text);

/// The same of a text that holds any number of values, one behind the other.
std::vector<nlohmann::json> read_json_values(std::string_view text);

/// Throws nlohmann::json::parse_error for a text that is nested deeper than kMaxJsonDepth: for those who read it by
/// events.
void check_json_depth(std::string_view text);

/// What a foreign file must hold. Each function throws nlohmann::json::type_error for a value that is of another kind:
/// "model.vocab: expected a list, found 5". `Json` is nlohmann::json or nlohmann::ordered_json.
/// \param place of the value in its file, "model.vocab"; empty for the whole

/// \param Value std::string, bool, double, std::int32_t, std::uint32_t, std::int64_t, std::size_t,
/// std::vector of std::string or double, or std::map of names to std::string or std::size_t
template <typename Value, typename Json>
Value json_value(const Json& value, std::string_view place);
template <typename Json>
const Json& json_object(const Json& value, std::string_view place);
template <typename Json>
const Json& json_object(const Json&& value, std::string_view place) = delete;  // it would be gone
template <typename Json>
const Json& json_list(const Json& value, std::string_view place);
template <typename Json>
const Json& json_list(const Json&& value, std::string_view place) = delete;  // it would be gone
/// The member of a value that must be an object and have it.
/// \param place of the object
template <typename Json>
const Json& json_member(const Json& object, std::string_view name, std::string_view place = {});
/// The same for a member that may be absent or null: null then.
template <typename Json>
const Json* find_json_member(const Json& object, std::string_view name, std::string_view place = {});
/// The value of a member that must be there, of the whole or of an object whose place need not be said.
template <typename Value, typename Json>
Value json_value_of(const Json& object, std::string_view name) {
  return json_value<Value>(json_member(object, name), name);
}
template <typename Json>
const Json& json_list_of(const Json& object, std::string_view name) {
  return json_list(json_member(object, name), name);
}
/// Says that a value is not what it should be.
template <typename Json>
[[noreturn]] void refuse_json(const Json& found, std::string_view expected, std::string_view place);

/// The text of a value for people, in which names of files may stand: what is no UTF-8 in it becomes U+FFFD.
/// \param indent spaces that each level is moved in by; -1: all on one line
std::string dump_json(const nlohmann::json& value, int indent = -1);
std::string dump_json(const nlohmann::ordered_json& value, int indent = -1);

/// A value as messages quote it: its JSON, shortened.
std::string short_json(const nlohmann::json& value);
std::string short_json(const nlohmann::ordered_json& value);

/// What nlohmann/json says of a text that it cannot read, shortened and without the number of its exception: "parse
/// error at line 1, column 9: syntax error while parsing value - ...".
std::string json_problem(const std::exception& error);

/// The same without "parse error at ...", for messages that name a place of their own: the line of a file.
std::string json_problem_without_place(const std::exception& error);

}  // namespace albert
