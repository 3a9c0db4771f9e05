#include "base/json.h"

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "base/shown.h"

namespace albert {

using nlohmann::json;

namespace {

/// What is shown of an error, which quotes what was read last.
constexpr std::size_t kProblemCharacters = 160;

/// What nlohmann/json's own errors of syntax have as their number.
constexpr int kSyntaxError = 101;

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
  check_json_depth(text);
  return json::parse(text);
}

nlohmann::ordered_json read_ordered_json(std::string_view text) {
  check_json_depth(text);
  return nlohmann::ordered_json::parse(text);
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
