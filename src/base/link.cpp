#include "base/link.h"

#include <unistd.h>

#include "base/durable.h"
#include "base/error.h"
#include "base/file.h"

namespace albert {

namespace {

constexpr std::uintmax_t kLongestName = 255;  // NAME_MAX of Linux

fs::path temporary_beside(const fs::path& link) {
  return link.parent_path() / fmt::format(".{}.partial", link.filename().string());
}

void write_text(const fs::path& path, const std::string& target) {
  FileWriter file(path);
  file.write(target + "\n");
  file.close();
}

/// Makes a link where nothing is.
void make_link(const fs::path& link, const std::string& target) {
  std::error_code ignored;
  fs::remove(link, ignored);  // left by a kill
  if (::symlink(target.c_str(), link.c_str()) != 0) write_text(link, target);
}

/// The name that a text file holds, if that is all that it holds.
std::optional<fs::path> read_text(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error) || fs::file_size(path, error) > kLongestName + 1 || error) return std::nullopt;
  std::string name = read_file(path);
  if (name.ends_with('\n')) name.pop_back();
  const bool is_name = !name.empty() && name.find_first_of(std::string_view("/\n\0", 3)) == std::string::npos;
  return is_name && name != "." && name != ".." ? std::optional<fs::path>(name) : std::nullopt;
}

}  // namespace

void replace_link(const fs::path& link, const std::string& target) {
  const fs::path temporary = temporary_beside(link);
  make_link(temporary, target);
  rename_durably(temporary, link);
}

void require_links(const fs::path& folder) {
  const fs::path trial = temporary_beside(folder / "link");
  make_link(trial, "target");
  fs::remove(trial);
}

std::optional<fs::path> read_link(const fs::path& path) {
  std::error_code error;
  fs::path target = fs::read_symlink(path, error);
  return error ? read_text(path) : std::optional(std::move(target));
}

fs::path follow_link(const fs::path& path) {
  const auto name = read_text(path);
  return name && fs::is_directory(path.parent_path() / *name) ? path.parent_path() / *name : path;
}

}  // namespace albert
