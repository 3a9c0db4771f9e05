#include "cli/standard_input.h"

#include <array>
#include <cerrno>
#include <optional>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/destination.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/command.h"

namespace albert::cli {

namespace {

constexpr const char* kPath = "/dev/stdin";

bool is_pipe(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

/// Puts all that comes through a descriptor into a file without a name, which takes its place.
void keep_in_memory(int descriptor) {
  const int file = ::memfd_create("input", MFD_CLOEXEC);
  if (file < 0) throw IoError::from_errno("cannot keep the input in memory");
  FileWriter writer(fmt::format("/proc/self/fd/{}", file), FileWriter::Mode::kTruncate);
  std::array<char, 1 << 16> bytes;
  for (;;) {
    const ssize_t size = ::read(descriptor, bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) throw IoError::from_errno("cannot read the input");
    if (size == 0) break;
    writer.write({bytes.data(), static_cast<std::size_t>(size)});
  }
  writer.flush();
  if (::dup2(file, descriptor) < 0) throw IoError::from_errno("cannot keep the input in memory");
  ::close(file);
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
  if (descriptor && !is_read_once && is_pipe(*descriptor)) keep_in_memory(*descriptor);
  return path;
}

void accept_dash(Command command) {
  static std::string dash;
  command.add_option("input", dash, "Standard input, which is read anyway: -").only_standard_input().type_name("-");
}

}  // namespace albert::cli
