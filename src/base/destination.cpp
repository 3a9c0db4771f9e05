#include "base/destination.h"

#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

#include <unistd.h>

#include "base/error.h"

namespace albert {

namespace {

constexpr int kMaxLinks = 40;  // as Linux follows

std::optional<int> parse_number(std::string_view digits) {
  int number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool is_number = error == std::errc() && end == digits.data() + digits.size() && number >= 0;
  return is_number ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<int> descriptor_of(const fs::path& path) {
  const std::string name = path.lexically_normal().string();
  if (name == "/dev/stdin") return STDIN_FILENO;
  if (name == "/dev/stdout") return STDOUT_FILENO;
  if (name == "/dev/stderr") return STDERR_FILENO;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (name.starts_with(folder)) return parse_number(std::string_view(name).substr(folder.size()));
  }
  return std::nullopt;
}

fs::path destination_of(const fs::path& path) {
  fs::path place = fs::absolute(path);
  std::error_code error;
  for (int i = 0; i < kMaxLinks; ++i) {
    if (descriptor_of(place)) return place;
    const fs::path target = fs::read_symlink(place, error);
    if (error) {
      const fs::path found = fs::weakly_canonical(place, error);
      if (error) throw IoError("cannot write {}: {}", path.string(), error.message());
      return found;
    }
    place = place.parent_path() / target;
  }
  throw IoError("cannot write {}: its symbolic links lead in a circle", path.string());
}

bool is_stream(const fs::path& path) {
  const fs::path place = destination_of(path);
  std::error_code error;
  const fs::file_status status = fs::status(place, error);
  return descriptor_of(place) || fs::is_fifo(status) || fs::is_character_file(status) || fs::is_block_file(status) ||
         fs::is_socket(status);
}

}  // namespace albert
