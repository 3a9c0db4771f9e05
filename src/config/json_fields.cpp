#include "config/json_fields.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <spdlog/fmt/fmt.h>

#include "base/json.h"

namespace albert::config {

using nlohmann::json;

const json* JsonReader::find(std::string_view name, std::string_view expected, Test is_right) {
  const json* object = stack_.back().object;
  if (!object) return nullptr;
  const auto found = object->find(std::string(name));
  if (found == object->end() || found->is_null()) return nullptr;
  if (((*found).*is_right)()) return &*found;
  fail(name, expected, *found);
  return nullptr;
}

template <typename Number>
void JsonReader::read_number(std::string_view name, Number& value, std::string_view expected, Test is_right,
                             const Bounds& bounds) {
  const json* found = find(name, expected, is_right);
  if (!found) return;
  const bool wraps =
      found->is_number_unsigned() && found->get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max();
  if (wraps && std::is_integral_v<Number>) return fail(name, expected, *found);
  if (!bounds.contain(found->get<double>())) {
    return fail(name, fmt::format("{} {}", expected, bounds.to_string()), *found);
  }
  value = found->get<Number>();
}

void JsonReader::fail(std::string_view name, std::string_view expected, const json& found) {
  mistakes_.push_back(
      fmt::format("{}{}: expected {}, found {}", stack_.back().prefix, name, expected, short_json(found)));
}

void JsonReader::operator()(std::string_view name, std::int64_t& value, std::string_view, Bounds bounds) {
  read_number(name, value, "a whole number", &json::is_number_integer, bounds);
}

void JsonReader::operator()(std::string_view name, double& value, std::string_view, Bounds bounds) {
  read_number(name, value, "a number", &json::is_number, bounds);
}

void JsonReader::operator()(std::string_view name, std::optional<double>& value, std::string_view help, Bounds bounds) {
  double number = value.value_or(0);
  const bool is_there = find(name, "a number", &json::is_number) != nullptr;
  if (!is_there) return;
  (*this)(name, number, help, bounds);
  value = number;
}

void JsonReader::operator()(std::string_view name, bool& value, std::string_view) {
  if (const json* found = find(name, "true or false", &json::is_boolean)) value = found->get<bool>();
}

void JsonReader::operator()(std::string_view name, std::string& value, std::string_view) {
  if (const json* found = find(name, "a text", &json::is_string)) value = found->get<std::string>();
}

void JsonReader::operator()(std::string_view name, std::filesystem::path& value, std::string_view) {
  if (const json* found = find(name, "a path", &json::is_string)) value = found->get<std::string>();
}

void JsonReader::operator()(std::string_view name, std::vector<std::string>& value, std::string_view) {
  const json* found = find(name, "a list of texts", &json::is_array);
  if (!found) return;
  if (!std::ranges::all_of(*found, [](const json& item) { return item.is_string(); })) {
    return fail(name, "a list of texts", *found);
  }
  value = found->get<std::vector<std::string>>();
}

void JsonReader::operator()(std::string_view name, WordOrNumbers& value, std::string_view,
                            const std::vector<std::string_view>& words, Bounds bounds) {
  const json* object = stack_.back().object;
  const json* found = object && object->contains(std::string(name)) ? &(*object)[std::string(name)] : nullptr;
  if (!found || found->is_null()) return;
  if (found->is_string() && std::ranges::find(words, found->get<std::string>()) != words.end()) {
    value = {.word = found->get<std::string>()};
    return;
  }
  WordOrNumbers read;
  for (const json& item : found->is_array() ? *found : json::array({*found})) {
    if (!item.is_number() || !bounds.contain(item.get<double>())) {
      return fail(
          name, fmt::format("{}{}numbers {}", fmt::join(words, ", "), words.empty() ? "" : ", or ", bounds.to_string()),
          *found);
    }
    read.numbers.push_back(item.get<double>());
  }
  value = std::move(read);
}

void JsonReader::operator()(std::string_view name, Timeline& value, std::string_view help, Bounds bounds) {
  const json* object = stack_.back().object;
  const auto found = object ? object->find(std::string(name)) : json::const_iterator();
  if (!object || found == object->end() || found->is_null()) return;
  if (!found->is_object()) {
    double number = 0;
    if (find(name, "a number", &json::is_number) == nullptr) return;
    (*this)(name, number, help, bounds);
    value = number;
    return;
  }
  std::vector<Timeline::Point> points;
  for (const auto& [share, number] : found->items()) {
    if (!number.is_number() || !bounds.contain(number.get<double>())) {
      return fail(name, fmt::format("numbers {} by shares of the run", bounds.to_string()), *found);
    }
    points.push_back({std::strtod(share.c_str(), nullptr), number.get<double>()});
  }
  std::ranges::sort(points, {}, &Timeline::Point::share);
  Timeline read(std::move(points));
  if (!read.mistake().empty()) return fail(name, "shares of the run from 0 to 1", *found);
  value = std::move(read);
}

std::size_t JsonReader::one_of(std::string_view name, std::size_t chosen, std::string_view,
                               const std::vector<std::string_view>& allowed) {
  const json* found = find(name, "a text", &json::is_string);
  if (!found) return chosen;
  const auto place = std::ranges::find(allowed, found->get<std::string>());
  if (place != allowed.end()) return static_cast<std::size_t>(place - allowed.begin());
  fail(name, fmt::format("one of {}", fmt::join(allowed, ", ")), *found);
  return chosen;
}

void JsonReader::enter(std::string_view name, std::string_view) {
  const std::string prefix = stack_.back().prefix + std::string(name) + ".";
  stack_.push_back({find(name, "an object", &json::is_object), prefix});
}

std::optional<std::size_t> JsonReader::enter_list(std::string_view name, std::size_t /*size*/, std::string_view) {
  const std::string prefix = stack_.back().prefix + std::string(name);
  const json* list = find(name, "a list of objects", &json::is_array);
  stack_.push_back({list, prefix});
  return list ? std::optional(list->size()) : std::nullopt;
}

void JsonReader::leave_list() {
  stack_.pop_back();
}

void JsonReader::enter_item(std::size_t index) {
  const Level list = stack_.back();
  const std::string name = fmt::format("[{}]", index);
  const json* item = list.object ? &(*list.object)[index] : nullptr;
  if (item && !item->is_object()) {
    fail(name, "an object", *item);
    item = nullptr;
  }
  stack_.push_back({item, list.prefix + name + "."});
}

void JsonWriter::operator()(std::string_view name, std::int64_t& value, std::string_view, Bounds) {
  put(name, value);
}

void JsonWriter::operator()(std::string_view name, double& value, std::string_view, Bounds) {
  put(name, value);
}

void JsonWriter::operator()(std::string_view name, std::optional<double>& value, std::string_view, Bounds) {
  put(name, value ? json(*value) : json());
}

void JsonWriter::operator()(std::string_view name, bool& value, std::string_view) {
  put(name, value);
}

void JsonWriter::operator()(std::string_view name, std::string& value, std::string_view) {
  put(name, value);
}

void JsonWriter::operator()(std::string_view name, std::filesystem::path& value, std::string_view) {
  put(name, value.string());
}

void JsonWriter::operator()(std::string_view name, std::vector<std::string>& value, std::string_view) {
  put(name, value);
}

void JsonWriter::operator()(std::string_view name, WordOrNumbers& value, std::string_view,
                            const std::vector<std::string_view>&, Bounds) {
  if (!value.word.empty()) {
    put(name, value.word);
  } else if (value.numbers.size() == 1) {
    put(name, value.numbers.front());
  } else {
    put(name, value.numbers);
  }
}

void JsonWriter::operator()(std::string_view name, Timeline& value, std::string_view, Bounds) {
  if (value.is_constant()) return put(name, value.is_empty() ? json() : json(value.last()));
  json points = json::object();
  for (const Timeline::Point& point : value.points()) points[fmt::format("{}", point.share)] = point.value;
  put(name, points);
}

std::size_t JsonWriter::one_of(std::string_view name, std::size_t chosen, std::string_view,
                               const std::vector<std::string_view>& allowed) {
  put(name, std::string(allowed[chosen]));
  return chosen;
}

void JsonWriter::enter(std::string_view name, std::string_view) {
  json& object = (*stack_.back())[std::string(name)];
  if (object.is_null()) object = json::object();
  stack_.push_back(&object);
}

std::optional<std::size_t> JsonWriter::enter_list(std::string_view name, std::size_t size, std::string_view) {
  json& list = (*stack_.back())[std::string(name)];
  list = json::array();
  for (std::size_t i = 0; i < size; ++i) list.push_back(json::object());
  stack_.push_back(&list);
  return std::nullopt;
}

void JsonWriter::leave_list() {
  stack_.pop_back();
}

void JsonWriter::enter_item(std::size_t index) {
  stack_.push_back(&(*stack_.back())[index]);
}

}  // namespace albert::config
