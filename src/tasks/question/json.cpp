#include "tasks/question/json.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "text/whitespace.h"

namespace albert::tasks {

using nlohmann::json;

namespace {

const json& need(const json& object, const char* name, bool (json::*is_right)() const noexcept, const char* expected,
                 const Place& place) {
  const json* member = find_member(object, name, place);
  if (member == nullptr) throw DataError("{}: expected a member '{}', found none", place.to_string(), name);
  if (!(member->*is_right)()) {
    throw DataError("{}: expected {} in '{}', found {}", place.to_string(), expected, name, member->type_name());
  }
  return *member;
}

}  // namespace

const json* find_member(const json& object, const char* name, const Place& place) {
  if (!object.is_object()) {
    throw DataError("{}: expected a JSON object, found {}", place.to_string(), object.type_name());
  }
  const auto member = object.find(name);
  return member == object.end() || member->is_null() ? nullptr : &*member;
}

const std::string& text_member(const json& object, const char* name, const Place& place) {
  return need(object, name, &json::is_string, "text", place).get_ref<const std::string&>();
}

const json& list_member(const json& object, const char* name, const Place& place) {
  return need(object, name, &json::is_array, "a list", place);
}

const std::string& nonempty_member(const json& object, const char* name, const Place& place) {
  const std::string& text = text_member(object, name, place);
  if (text::trim(text).empty()) throw DataError("{}: the text in '{}' is empty", place.to_string(), name);
  return text;
}

std::string id_member(const json& object, const Place& place) {
  const json* id = find_member(object, "id", place);
  if (id == nullptr) return {};
  if (id->is_string()) return id->get<std::string>();
  if (id->is_number_integer()) return id->dump();
  throw DataError("{}: expected text or a whole number in 'id', found {}", place.to_string(), id->type_name());
}

}  // namespace albert::tasks
