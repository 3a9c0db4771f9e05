#include "parallel/local_ranks.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include <spdlog/fmt/ranges.h>
#include <sys/wait.h>

#include "base/child_process.h"
#include "base/descriptor.h"
#include "base/error.h"
#include "base/log.h"
#include "base/signals.h"
#include "parallel/launch.h"
#include "parallel/served_store.h"

namespace albert::parallel {

namespace {

/// The processes, where a signal's handler finds them.
std::array<volatile pid_t, kMostLocalRanks> children{};

void pass_on(int signal) {
  for (const pid_t child : children) {
    if (child > 0) ::kill(child, signal);
  }
}

int exit_code_of(int status) {
  constexpr int kSignalled = 128;  // as shells have it
  return WIFSIGNALED(status) ? kSignalled + WTERMSIG(status) : WEXITSTATUS(status);
}

/// Ctrl-Z stops the ranks before this process, and `fg` lets them go on: they have groups of their own, which a terminal
/// does not know.
void stop_all(int /*signal*/) {
  pass_on(SIGSTOP);
  ::raise(SIGSTOP);
  pass_on(SIGCONT);
}

/// "rank 1", or "ranks 0, 2"
std::string remaining() {
  std::vector<std::ptrdiff_t> ranks;
  for (const volatile pid_t& child : children) {
    if (child > 0) ranks.push_back(&child - children.begin());
  }
  return fmt::format("{} {}", ranks.size() == 1 ? "rank" : "ranks", fmt::join(ranks, ", "));
}

/// Waits for the processes. Once one has failed, the others end by themselves. One that still waits for it to come, or is
/// stopped, is asked to end after a while; one that does not is ended.
/// \return the first exit code that is neither 0 nor that of a rank which lost another one; else that one, or 0
int wait_for_all(int num_left) {
  using std::chrono::steady_clock;
  constexpr auto kUntilAsked = std::chrono::seconds(10), kUntilEnded = std::chrono::seconds(60);
  constexpr auto kLook = std::chrono::milliseconds(20);
  int code = 0;
  bool is_asked = false, is_ended = false;
  steady_clock::time_point failed;
  while (num_left > 0) {
    int status = 0;
    const pid_t ended = ::waitpid(-1, &status, code == 0 ? 0 : WNOHANG);
    if (ended > 0) {
      const auto child = std::ranges::find(children, ended);
      if (child == children.end()) continue;  // this process had it before it became this program, or inherited it
      *child = 0;
      --num_left;
      const int own = exit_code_of(status);
      // Those that only heard of it end with kRanks, and may do so first.
      const bool is_the_reason = code == 0 || (code == static_cast<int>(ExitCode::kRanks) && own != 0);
      if (!is_the_reason || own == 0) continue;
      if (code == 0) failed = steady_clock::now();
      code = own;
      if (WIFSIGNALED(status))
        log_error("rank {} was ended by {}", child - children.begin(), name_of_signal(WTERMSIG(status)));
    } else if (ended < 0 && errno != EINTR) {
      break;
    } else if (code != 0) {
      if (!is_asked && steady_clock::now() - failed > kUntilAsked) {
        is_asked = true;
        log_warning("{}: still there {} s after another one failed, and asked to end", remaining(),
                    kUntilAsked.count());
        pass_on(SIGTERM);
        pass_on(SIGCONT);
      }
      if (!is_ended && steady_clock::now() - failed > kUntilEnded) {
        is_ended = true;
        log_warning("{}: did not end, and killed", remaining());
        pass_on(SIGKILL);
      }
      std::this_thread::sleep_for(kLook);
    }
  }
  return code;
}

}  // namespace

bool is_local_rank() {
  return environment(kLocalLauncher).has_value();
}

int run_local_ranks(int size) {
  require_descriptors(descriptors_for(size));
  const ServedStore store;
  const SignalHandling handling(pass_on);
  std::signal(SIGTSTP, stop_all);
  for (int rank = 0; rank < size; ++rank) {
    children.at(static_cast<std::size_t>(rank)) =
        start_process({.program = own_program(),
                       .arguments = own_arguments(),
                       .variables = local_environment(rank, size, store.port()),
                       .has_own_group = true});
  }
  return wait_for_all(size);
}

}  // namespace albert::parallel
