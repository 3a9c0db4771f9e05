#include "cli/sleeping_threads.h"

#include <cstdlib>
#include <string>
#include <vector>

#include <unistd.h>

#include "base/child_process.h"

namespace albert::cli {

namespace {

/// Long enough for the gaps between the operations of a small batch (a tenth of a millisecond or two), short beside what
/// the system gives another process at a time.
constexpr const char* kSpins = "5000";

void restart_with_sleeping_threads() {
  for (const char* variable : {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT"}) {
    if (std::getenv(variable)) return;
  }
  std::vector<std::string> arguments = own_arguments();
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  ::setenv("GOMP_SPINCOUNT", kSpins, 1);
  // Returns only if it fails: then the threads spin, and nothing else is different.
  ::execv(own_program().c_str(), pointers.data());
}

}  // namespace

void let_waiting_threads_sleep(Command& command) {
  command.before_parsing(restart_with_sleeping_threads);
}

}  // namespace albert::cli
