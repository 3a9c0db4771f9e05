#include "tasks/question/id_values.h"

#include <type_traits>
#include <unordered_set>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/shown.h"

namespace albert::tasks {

namespace {

using nlohmann::json;

/// Takes the members of the outermost object as the parser meets them: a json object would forget their order, and an
/// ordered_json looks through all names for each.
template <typename Value>
class Members : public nlohmann::json_sax<json> {
 public:
  explicit Members(std::string file) : file_(std::move(file)) {}

  std::vector<std::pair<std::string, Value>> take() { return std::move(members_); }

  bool key(string_t& name) override {
    if (!ids_.insert(name).second) throw DataError("{}: the key {} is written twice", file_, in_quotes(name));
    members_.emplace_back(name, Value());
    return true;
  }
  bool string(string_t& value) override {
    if constexpr (std::is_same_v<Value, std::string>) return take(std::move(value));
    return refuse(short_json(json(value)));
  }
  bool number_integer(number_integer_t value) override { return number(static_cast<double>(value), value); }
  bool number_unsigned(number_unsigned_t value) override { return number(static_cast<double>(value), value); }
  bool number_float(number_float_t value, const string_t& /*digits*/) override { return number(value, value); }

  bool start_object(std::size_t /*size*/) override { return depth_++ == 0 || refuse("an object"); }
  bool end_object() override { return true; }
  bool null() override { return refuse("null"); }
  bool boolean(bool value) override { return refuse(value ? "true" : "false"); }
  bool binary(binary_t& /*value*/) override { return refuse("binary data"); }
  bool start_array(std::size_t /*size*/) override { return refuse("a list"); }
  bool end_array() override { return true; }
  bool parse_error(std::size_t position, const std::string& /*token*/, const json::exception& error) override {
    throw DataError("{}: no valid JSON at byte {}: {}", file_, position, json_problem_without_place(error));
  }

 private:
  static constexpr std::string_view kExpected = std::is_same_v<Value, double> ? "a number" : "a text";

  template <typename Number>
  bool number(double value, Number as_written) {
    if constexpr (std::is_same_v<Value, double>) return take(value);
    return refuse(short_json(json(as_written)));
  }
  bool take(Value value) {
    if (depth_ == 0) return refuse("a single value");
    members_.back().second = std::move(value);
    return true;
  }
  [[noreturn]] bool refuse(const std::string& found) const {
    if (members_.empty()) throw DataError("{}: expected an object {{id: {}}}, found {}", file_, kExpected, found);
    throw DataError("{}: {}: expected {}, found {}", file_, members_.back().first, kExpected, found);
  }

  std::string file_;
  int depth_ = 0;
  std::vector<std::pair<std::string, Value>> members_;
  std::unordered_set<std::string> ids_;
};

template <typename Value>
std::vector<std::pair<std::string, Value>> read_members(const std::filesystem::path& file) {
  Members<Value> members(file.string());
  json::sax_parse(read_file(file), &members);
  return members.take();
}

}  // namespace

std::vector<std::pair<std::string, std::string>> read_texts_by_id(const std::filesystem::path& file) {
  return read_members<std::string>(file);
}

std::vector<std::pair<std::string, double>> read_numbers_by_id(const std::filesystem::path& file) {
  return read_members<double>(file);
}

}  // namespace albert::tasks
