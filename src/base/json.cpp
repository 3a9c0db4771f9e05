#include "base/json.h"

#include <cstdint>
#include <limits>
#include <map>
#include <sstream>
#include <type_traits>
#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "base/shown.h"

namespace albert {

using nlohmann::json;

namespace {

/// What is shown of an error, which quotes what was read last.
constexpr std::size_t kProblemCharacters = 160;

/// The numbers of nlohmann/json's own errors: of syntax, of a value of another type, others.
constexpr int kSyntaxError = 101;
constexpr int kTypeError = 302;
constexpr int kOtherError = 501;

/// Behind the closing quote of the string that begins there, or the end of the text.
std::size_t end_of_string(std::string_view text, std::size_t begin) {
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    i = text.find_first_of("\"\\", i);
    if (i == std::string_view::npos) break;
    if (text[i] == '"') return i + 1;
    ++i;  // what is escaped
  }
  return text.size();
}

/// Makes a value of what the parser meets, as nlohmann/json's own builder does, of which the last value of a key would
/// stay.
template <typename Json>
class ValueBuilder {
 public:
  explicit ValueBuilder(Json& root) : next_(&root) {}

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(Json::number_integer_t value) { return add(value); }
  bool number_unsigned(Json::number_unsigned_t value) { return add(value); }
  bool number_float(Json::number_float_t value, const std::string& /*digits*/) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(Json::binary_t& value) { return add(std::move(value)); }

  bool start_object(std::size_t /*size*/) { return open(Json::value_t::object); }
  bool start_array(std::size_t /*size*/) { return open(Json::value_t::array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    auto& members = *outer_.back()->template get_ptr<typename Json::object_t*>();
    const auto [member, is_new] = members.emplace(name, Json());
    if (!is_new) {
      throw json::other_error::create(kOtherError, fmt::format("the key {} is written twice", in_quotes(name)),
                                      nullptr);
    }
    next_ = &member->second;
    return true;
  }
  template <typename Exception>
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/, const Exception& error) {
    throw Exception(error);
  }

 private:
  /// \return where the value is
  template <typename Value>
  Json& put(Value&& value) {
    if (!outer_.empty() && outer_.back()->is_array()) {
      return outer_.back()->template get_ref<typename Json::array_t&>().emplace_back(std::forward<Value>(value));
    }
    *next_ = Json(std::forward<Value>(value));
    return *next_;
  }
  template <typename Value>
  bool add(Value&& value) {
    put(std::forward<Value>(value));
    return true;
  }
  bool open(Json::value_t type) {
    outer_.push_back(&put(type));
    return true;
  }
  bool close() {
    outer_.pop_back();
    return true;
  }

  Json* next_;                ///< the place of the next value that is no element of a list
  std::vector<Json*> outer_;  ///< the objects and lists that are open
};

template <typename Json>
Json read(std::string_view text) {
  check_json_depth(text);
  Json value;
  ValueBuilder<Json> builder(value);
  Json::sax_parse(text, &builder);
  return value;
}

std::string place_of_member(std::string_view object, std::string_view name) {
  return object.empty() ? std::string(name) : fmt::format("{}.{}", object, name);
}

template <typename Value>
constexpr bool kIsNumber = std::is_integral_v<Value> && !std::is_same_v<Value, bool>;

template <typename Value>
std::string kind_of() {
  if constexpr (std::is_same_v<Value, bool>) return "true or false";
  if constexpr (std::is_same_v<Value, double>) return "a number";
  if constexpr (std::is_same_v<Value, std::int64_t>) return "a whole number";
  if constexpr (std::is_same_v<Value, std::size_t>) return "a whole number from 0 on";
  if constexpr (kIsNumber<Value>) {
    using Limits = std::numeric_limits<Value>;
    return fmt::format("a whole number from {} to {}", Limits::min(), Limits::max());
  }
  return "a text";
}

template <typename Value, typename Json>
bool is_of_kind(const Json& value) {
  if constexpr (std::is_same_v<Value, bool>) return value.is_boolean();
  if constexpr (std::is_same_v<Value, double>) return value.is_number();
  if constexpr (kIsNumber<Value>) {
    if (!value.is_number_integer()) return false;
    return value.is_number_unsigned() ? std::in_range<Value>(value.template get<std::uint64_t>())
                                      : std::in_range<Value>(value.template get<std::int64_t>());
  }
  return value.is_string();
}

template <typename Value>
constexpr bool kIsList = false;
template <typename Value>
constexpr bool kIsList<std::vector<Value>> = true;

template <typename Value>
constexpr bool kIsMap = false;
template <typename Value>
constexpr bool kIsMap<std::map<std::string, Value>> = true;

}  // namespace

void check_json_depth(std::string_view text) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') i = end_of_string(text, i) - 1;
    if ((c == ']' || c == '}') && depth > 0) --depth;
    if ((c == '[' || c == '{') && ++depth > kMaxJsonDepth) {
      const std::string problem = fmt::format("objects and lists are nested deeper than {} levels", kMaxJsonDepth);
      throw json::parse_error::create(kSyntaxError, i + 1, problem, nullptr);
    }
  }
}

json read_json(std::string_view text) {
  return read<json>(text);
}

nlohmann::ordered_json read_ordered_json(std::string_view text) {
  return read<nlohmann::ordered_json>(text);
}

template <typename Json>
void refuse_json(const Json& found, std::string_view expected, std::string_view place) {
  const std::string problem = fmt::format("{}{}expected {}, found {}", shortened(place), place.empty() ? "" : ": ",
                                          expected, short_json(found));
  throw json::type_error::create(kTypeError, problem, nullptr);
}

template <typename Value, typename Json>
Value json_value(const Json& value, std::string_view place) {
  if constexpr (kIsList<Value>) {
    Value values;
    for (const Json& one : json_list(value, place)) {
      values.push_back(json_value<typename Value::value_type>(one, fmt::format("{}[{}]", place, values.size())));
    }
    return values;
  } else if constexpr (kIsMap<Value>) {
    Value values;
    for (const auto& [name, member] : json_object(value, place).items()) {
      values[name] = json_value<typename Value::mapped_type>(member, place_of_member(place, name));
    }
    return values;
  } else {
    if (!is_of_kind<Value>(value)) refuse_json(value, kind_of<Value>(), place);
    return value.template get<Value>();
  }
}

template <typename Json>
const Json& json_object(const Json& value, std::string_view place) {
  if (!value.is_object()) refuse_json(value, "an object", place);
  return value;  // NOLINT(bugprone-return-const-ref-from-parameter): temporaries are refused
}

template <typename Json>
const Json& json_list(const Json& value, std::string_view place) {
  if (!value.is_array()) refuse_json(value, "a list", place);
  return value;  // NOLINT(bugprone-return-const-ref-from-parameter): temporaries are refused
}

template <typename Json>
const Json& json_member(const Json& object, std::string_view name, std::string_view place) {
  const auto found = json_object(object, place).find(name);
  if (found != object.end()) return *found;
  const std::string problem = fmt::format("'{}' is missing", place_of_member(place, name));
  throw json::type_error::create(kTypeError, problem, nullptr);
}

template <typename Json>
const Json* find_json_member(const Json& object, std::string_view name, std::string_view place) {
  const auto found = json_object(object, place).find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

template std::string json_value(const json&, std::string_view);
template std::vector<std::string> json_value(const json&, std::string_view);
template std::vector<double> json_value(const json&, std::string_view);
template bool json_value(const json&, std::string_view);
template double json_value(const json&, std::string_view);
template std::int64_t json_value(const json&, std::string_view);
template std::size_t json_value(const json&, std::string_view);
template std::int32_t json_value(const json&, std::string_view);
template std::uint32_t json_value(const json&, std::string_view);
template std::map<std::string, std::string> json_value(const json&, std::string_view);
template std::map<std::string, std::size_t> json_value(const json&, std::string_view);
template const json& json_object(const json&, std::string_view);
template const json& json_list(const json&, std::string_view);
template const json& json_member(const json&, std::string_view, std::string_view);
template const json* find_json_member(const json&, std::string_view, std::string_view);
template void refuse_json(const json&, std::string_view, std::string_view);
template std::string json_value(const nlohmann::ordered_json&, std::string_view);
template std::vector<std::string> json_value(const nlohmann::ordered_json&, std::string_view);
template std::vector<double> json_value(const nlohmann::ordered_json&, std::string_view);
template bool json_value(const nlohmann::ordered_json&, std::string_view);
template double json_value(const nlohmann::ordered_json&, std::string_view);
template std::int64_t json_value(const nlohmann::ordered_json&, std::string_view);
template std::size_t json_value(const nlohmann::ordered_json&, std::string_view);
template std::int32_t json_value(const nlohmann::ordered_json&, std::string_view);
template std::uint32_t json_value(const nlohmann::ordered_json&, std::string_view);
template std::map<std::string, std::string> json_value(const nlohmann::ordered_json&, std::string_view);
template std::map<std::string, std::size_t> json_value(const nlohmann::ordered_json&, std::string_view);
template const nlohmann::ordered_json& json_object(const nlohmann::ordered_json&, std::string_view);
template const nlohmann::ordered_json& json_list(const nlohmann::ordered_json&, std::string_view);
template const nlohmann::ordered_json& json_member(const nlohmann::ordered_json&, std::string_view, std::string_view);
template const nlohmann::ordered_json* find_json_member(const nlohmann::ordered_json&, std::string_view,
                                                        std::string_view);
template void refuse_json(const nlohmann::ordered_json&, std::string_view, std::string_view);

std::vector<json> read_json_values(std::string_view text) {
  check_json_depth(text);
  std::vector<json> values;
  std::istringstream stream{std::string(text)};
  while (stream >> std::ws, !stream.eof()) {
    ValueBuilder<json> builder(values.emplace_back());
    json::sax_parse(stream, &builder, json::input_format_t::json, /*strict=*/false);
  }
  return values;
}

std::string dump_json(const json& value, int indent) {
  return value.dump(indent, ' ', false, json::error_handler_t::replace);
}

std::string dump_json(const nlohmann::ordered_json& value, int indent) {
  return value.dump(indent, ' ', false, json::error_handler_t::replace);
}

std::string short_json(const json& value) {
  return shortened(dump_json(value));
}

std::string short_json(const nlohmann::ordered_json& value) {
  return shortened(dump_json(value));
}

std::string json_problem(const std::exception& error) {
  const std::string_view text = error.what();
  const std::size_t end = text.starts_with("[json.exception.") ? text.find("] ") : std::string_view::npos;
  return shortened(end == std::string_view::npos ? text : text.substr(end + 2), kProblemCharacters);
}

std::string json_problem_without_place(const std::exception& error) {
  const std::string text = json_problem(error);
  const std::size_t end = text.starts_with("parse error") ? text.find(": ") : std::string::npos;
  return end == std::string::npos ? text : text.substr(end + 2);
}

}  // namespace albert
