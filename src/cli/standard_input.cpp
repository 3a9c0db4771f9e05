#include "cli/standard_input.h"

#include <array>
#include <cerrno>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "cli/command.h"

namespace albert::cli {

namespace {

constexpr const char* kPath = "/dev/stdin";

bool is_regular(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

/// Takes the place of standard input, with all that comes through it: a file without a name.
void keep_standard_input() {
  const int file = ::memfd_create("standard input", MFD_CLOEXEC);
  if (file < 0) throw IoError::from_errno("cannot keep standard input in memory");
  FileWriter writer(fmt::format("/proc/self/fd/{}", file), FileWriter::Mode::kTruncate);
  std::array<char, 1 << 16> bytes;
  for (;;) {
    const ssize_t size = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) throw IoError::from_errno("cannot read standard input");
    if (size == 0) break;
    writer.write({bytes.data(), static_cast<std::size_t>(size)});
  }
  writer.flush();
  if (::dup2(file, STDIN_FILENO) < 0) throw IoError::from_errno("cannot keep standard input in memory");
  ::close(file);
}

}  // namespace

std::string standard_input_path(bool is_read_once) {
  static bool is_taken = false;
  if (is_taken) throw UsageError("'-' is standard input, which can be read in place of one file only");
  is_taken = true;
  if (!is_read_once && !is_regular(STDIN_FILENO)) keep_standard_input();
  return kPath;
}

void accept_dash(Command command) {
  static std::string dash;
  command.add_option("input", dash, "Standard input, which is read anyway: -").only_standard_input().type_name("-");
}

}  // namespace albert::cli
