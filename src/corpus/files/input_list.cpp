#include "corpus/files/input_list.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <string_view>

#include "base/error.h"
#include "base/file.h"
#include "base/shown.h"
#include "base/utf8.h"

namespace albert::corpus {

namespace {

/// The scheme of an address: "s3" of "s3://bucket/text.gz"; empty for a path.
std::string_view scheme_of(std::string_view argument) {
  const std::size_t end = argument.find("://");
  if (end == std::string_view::npos || end < 2) return {};
  const std::string_view scheme = argument.substr(0, end);
  const auto belongs = [](unsigned char c) { return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.'; };
  return std::ranges::all_of(scheme, belongs) ? scheme : std::string_view{};
}

/// The command that writes what lies at an address to standard output.
std::string reading_command(std::string_view scheme, std::string_view address) {
  struct Reader {
    std::string_view scheme;
    std::string_view before;
    std::string_view after;
  };
  static constexpr std::array kReaders{
      Reader{"s3", "aws s3 cp ", " -"}, Reader{"gs", "gcloud storage cat ", ""}, Reader{"hdfs", "hdfs dfs -cat ", ""},
      Reader{"http", "curl --fail --location ", ""}, Reader{"https", "curl --fail --location ", ""}};
  const auto* found = std::ranges::find(kReaders, scheme, &Reader::scheme);
  if (found == kReaders.end()) return fmt::format("PROGRAM {}", shell_quoted(address));
  return fmt::format("{}{}{}", found->before, shell_quoted(address), found->after);
}

/// \param place "line 3 of files.txt: ", or nothing
void refuse_address(const std::string& argument, const std::string& place) {
  const std::string_view scheme = scheme_of(argument);
  std::error_code error;
  if (scheme.empty() || std::filesystem::exists(argument, error)) return;
  throw UsageError(
      "{}{} is an address on the network: expected a path on this machine; read it through standard input: {} | albert "
      "... --input -",
      place, argument, reading_command(scheme, argument));
}

/// Throws IoError for a path of a list that leads nowhere.
void require_there(const std::string& path, std::size_t number, const std::string& list) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (path.find_first_of("*?[") != std::string::npos || fs::exists(fs::symlink_status(path, error))) return;
  const fs::path beside = fs::path(list).parent_path() / path;
  throw IoError(
      "line {} of {}: cannot read input {}: {}{}", number, list, path,
      error ? error.message() : "no such file or folder",
      fs::exists(beside, error) ? "; paths of a list are taken from the current folder, not from the list's" : "");
}

void append_list(const std::string& path, std::vector<std::string>& arguments) {
  const std::string text = read_file(path == "-" ? "/dev/stdin" : path);
  if (text.find('\0') != std::string::npos) {
    throw DataError(
        "{}: expected a path on each line, found a NUL byte: write the list without -print0 and the like, and as UTF-8",
        path);
  }
  const std::size_t before = arguments.size();
  std::size_t number = 0;
  std::string_view rest = text;
  if (rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
  while (!rest.empty()) {
    ++number;
    const std::size_t end = std::min(rest.find_first_of("\r\n"), rest.size());  // old Macs end lines in "\r" alone
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end);
    rest.remove_prefix(rest.starts_with("\r\n") ? 2 : std::min<std::size_t>(1, rest.size()));
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    arguments.emplace_back(line);
    refuse_address(arguments.back(), fmt::format("line {} of {}: ", number, path));
    require_there(arguments.back(), number, path);
  }
  if (arguments.size() == before) throw DataError("{}: expected a path on each line, found none", path);
}

}  // namespace

std::vector<std::string> expand_lists(const std::vector<std::string>& arguments) {
  std::vector<std::string> expanded;
  for (const std::string& argument : arguments) {
    std::error_code error;
    if (argument.size() > 1 && argument.starts_with('@') && !std::filesystem::exists(argument, error)) {
      append_list(argument.substr(1), expanded);
    } else {
      refuse_address(argument, "");
      expanded.push_back(argument);
    }
  }
  return expanded;
}

}  // namespace albert::corpus
