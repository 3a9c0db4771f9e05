#include <cerrno>
#include <string_view>

#include <unistd.h>

#include "base/error.h"

// LibTorch's libraries look for themselves while they are loaded, before main(). In a folder that was deleted MKL then
// ends the program, and its message says nothing of folders. So this runs before them, and uses nothing but system calls.
namespace {

constexpr std::string_view kMessage =
    "albert: the current folder was deleted, or may not be entered any more: change to another one (cd)\n";

void require_current_folder() {
  char path[1];
  errno = 0;
  if (::getcwd(path, sizeof path) != nullptr || errno == ERANGE) return;
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kMessage.data(), kMessage.size());
  ::_exit(static_cast<int>(albert::ExitCode::kIo));
}

}  // namespace

extern "C" {
[[gnu::section(".preinit_array"), gnu::used]] void (*albert_require_current_folder)() = require_current_folder;
}
