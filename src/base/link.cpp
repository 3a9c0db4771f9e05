#include "base/link.h"

#include <system_error>
#include <utility>

#include <unistd.h>

#include "base/durable.h"
#include "base/file.h"
#include "base/system_call.h"
#include "base/temporary_entry.h"

namespace albert {

namespace {

constexpr std::uintmax_t kLongestName = 255;  // NAME_MAX of Linux

/// The name that a text file holds, if that is all that it holds.
std::optional<fs::path> read_text(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error) || fs::file_size(path, error) > kLongestName + 1 || error) return std::nullopt;
  std::string name = read_file(path);
  if (name.ends_with('\n')) name.pop_back();
  const bool is_name = !name.empty() && name.find_first_of(std::string_view("/\n\0", 3)) == std::string::npos;
  return is_name && name != "." && name != ".." ? std::optional<fs::path>(name) : std::nullopt;
}

/// Makes a symbolic link under a temporary name.
/// \return the name; nothing where the file system takes none
std::optional<fs::path> make_symbolic(const fs::path& link, const std::string& target) {
  fs::path symbolic = temporary_name(link, "partial");
  return uninterrupted([&] { return ::symlink(target.c_str(), symbolic.c_str()); }) == 0
             ? std::optional(std::move(symbolic))
             : std::nullopt;
}

/// Removes a path at the end, if something has it then.
class Removal {
 public:
  explicit Removal(fs::path path) : path_(std::move(path)) {}
  ~Removal() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  Removal(const Removal&) = delete;
  Removal& operator=(const Removal&) = delete;

 private:
  fs::path path_;
};

}  // namespace

void replace_link(const fs::path& link, const std::string& target) {
  if (const auto symbolic = make_symbolic(link, target)) {
    const Removal removal(*symbolic);
    return rename_durably(*symbolic, link);
  }
  TemporaryEntry text(link, TemporaryEntry::Kind::kFile);
  FileWriter file(text.path(), text.descriptor().value());
  file.write(target + "\n");
  file.close();
  rename_durably(text.path(), link);
  text.release();
}

void require_links(const fs::path& link) {
  if (const auto symbolic = make_symbolic(link, "target")) {
    const Removal removal(*symbolic);
  } else {
    const TemporaryEntry text(link, TemporaryEntry::Kind::kFile);
  }
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
