#include "cli/standard_input.h"

#include <optional>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/destination.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/command.h"

namespace albert::cli {

namespace {

constexpr const char* kPath = "/dev/stdin";

/// Whether what comes through a descriptor comes once. A device, which may have no end, is left to those who open it.
bool comes_once(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return false;
  return S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) || ::isatty(descriptor) == 1;
}

/// Puts all that comes through a descriptor into a file without a name, which takes its place.
void keep_in_memory(int descriptor, const std::string& path) {
  const Descriptor file(::memfd_create("input", MFD_CLOEXEC));
  if (file.value() < 0) throw IoError::from_errno(fmt::format("cannot keep {} in memory", path));
  FileWriter writer(path, file.value());
  for_each_piece(descriptor, path, kMaxFileBytes, [&](std::string_view piece) { writer.write(piece); });
  writer.flush();
  if (::lseek(file.value(), 0, SEEK_SET) < 0 || ::dup2(file.value(), descriptor) < 0) {
    throw IoError::from_errno(fmt::format("cannot keep {} in memory", path));
  }
}

std::string standard_input_path() {
  static bool is_taken = false;
  if (is_taken) throw UsageError("'-' is standard input, which can be read in place of one file only");
  is_taken = true;
  return kPath;
}

}  // namespace

std::string input_path(const std::string& word, bool is_read_once) {
  const std::string path = word == "-" ? standard_input_path() : word;
  const std::optional<int> descriptor = descriptor_of(path);
  if (descriptor && !is_read_once && comes_once(*descriptor)) keep_in_memory(*descriptor, path);
  return path;
}

void accept_dash(Command command) {
  static std::string dash;
  command.add_option("input", dash, "Standard input, which is read anyway: -").only_standard_input().type_name("-");
}

}  // namespace albert::cli
