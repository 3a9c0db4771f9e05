#include "parallel/local_ranks.h"

#include <array>
#include <cerrno>
#include <csignal>

#include <sys/wait.h>

#include "base/child_process.h"
#include "base/error.h"
#include "base/signals.h"
#include "parallel/launch.h"
#include "parallel/served_store.h"

namespace albert::parallel {

namespace {

/// The processes, where a signal's handler finds them.
constexpr std::size_t kMostRanks = 256;
std::array<volatile pid_t, kMostRanks> children{};

void pass_on(int signal) {
  for (const pid_t child : children) {
    if (child > 0) ::kill(child, signal);
  }
}

int exit_code_of(int status) {
  constexpr int kSignalled = 128;  // as shells have it
  return WIFSIGNALED(status) ? kSignalled + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

bool is_local_rank() {
  return environment(kLocalLauncher).has_value();
}

int run_local_ranks(int size) {
  if (static_cast<std::size_t>(size) > kMostRanks) {
    throw UsageError("--ranks {}: expected at most {} on one host; for more, see torchrun", size, kMostRanks);
  }
  const ServedStore store;
  const SignalHandling handling(pass_on);
  for (int rank = 0; rank < size; ++rank) {
    children.at(static_cast<std::size_t>(rank)) =
        start_process({.program = "/proc/self/exe",
                       .arguments = own_arguments(),
                       .variables = local_environment(rank, size, store.port()),
                       .has_own_group = true});
  }
  int code = 0;
  for (int left = size; left > 0;) {
    int status = 0;
    const pid_t ended = ::wait(&status);
    if (ended < 0 && errno == EINTR) continue;
    if (ended < 0) break;
    for (volatile pid_t& child : children) {
      if (child != ended) continue;
      child = 0;
      --left;
    }
    if (code == 0) code = exit_code_of(status);
  }
  return code;
}

}  // namespace albert::parallel
