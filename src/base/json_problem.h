#pragma once

#include <exception>
#include <string_view>

namespace albert {

/// What nlohmann/json says of a text that it cannot read, without the number of its exception: "parse error at line 1,
/// column 9: syntax error while parsing value - ...". Points into `error`.
inline std::string_view json_problem(const std::exception& error) {
  const std::string_view text = error.what();
  const std::size_t end = text.starts_with("[json.exception.") ? text.find("] ") : std::string_view::npos;
  return end == std::string_view::npos ? text : text.substr(end + 2);
}

/// The same without "parse error at ...", for messages that name a place of their own: the line of a file.
inline std::string_view json_problem_without_place(const std::exception& error) {
  const std::string_view text = json_problem(error);
  const std::size_t end = text.starts_with("parse error") ? text.find(": ") : std::string_view::npos;
  return end == std::string_view::npos ? text : text.substr(end + 2);
}

}  // namespace albert
