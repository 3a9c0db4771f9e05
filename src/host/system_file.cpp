#include "host/system_file.h"

#include <charconv>

#include "base/error.h"
#include "base/file.h"

namespace albert::host {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

/// The parts between any number of separators.
std::vector<std::string_view> parts_of(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = text.find_first_not_of(separators); begin != std::string_view::npos;) {
    const std::size_t end = text.find_first_of(separators, begin);
    parts.push_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(separators, end);
  }
  return parts;
}

}  // namespace

std::string read_system_file(const fs::path& path) {
  try {
    return read_file(path, kMaxConfigBytes);
  } catch (const IoError&) {
    return {};
  }
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  return parts_of(text, "\n");
}

std::vector<std::string_view> words_of(std::string_view text) {
  return parts_of(text, kBlanks);
}

std::optional<std::uint64_t> to_number(std::string_view text) {
  std::uint64_t number = 0;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const auto [stop, error] = std::from_chars(begin, end, number);
  return error == std::errc() && stop == end && !text.empty() ? std::optional(number) : std::nullopt;
}

}  // namespace albert::host
