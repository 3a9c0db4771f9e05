#include "tasks/question/json.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json.h"
#include "tasks/common/json_object.h"
#include "text/whitespace.h"

namespace albert::tasks {

using nlohmann::json;

namespace {

const json& need(const json& object, const char* name, bool (json::*is_right)() const noexcept, const char* expected,
                 const Place& place) {
  const json* member = find_member(object, name, place);
  if (member == nullptr) throw DataError("{}: expected a member '{}', found none", place.to_string(), name);
  if (!(member->*is_right)()) {
    throw DataError("{}: expected {} in '{}', found {}", place.to_string(), expected, name, short_json(*member));
  }
  return *member;
}

}  // namespace

const json* find_member(const json& object, const char* name, const Place& place) {
  if (!object.is_object()) {
    throw DataError("{}: expected a JSON object, found {}", place.to_string(), short_json(object));
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
  return id == nullptr ? std::string() : json_id_value(*id, place);
}

}  // namespace albert::tasks
