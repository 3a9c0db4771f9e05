#pragma once

#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "parallel/group.h"
#include "parallel/served_store.h"

namespace albert::testing {

struct RanksOptions {
  int size = 3;
  /// Whether a store is served beside the ranks; else rank 0 serves it, and it goes with that.
  bool has_agent = true;
  parallel::GroupOptions group = {.timeout = std::chrono::seconds(10)};
  /// How each is to end; none: with 0. A body that returns false makes it 1, an error its own code.
  std::vector<int> codes = {};
  /// What is to be true of a rank once it has left the group.
  std::function<bool(int rank)> afterwards = [](int /*rank*/) { return true; };
  std::chrono::seconds limit{40};  ///< for all; it is long because machines may be slow
};

/// What a rank does, in a process of its own. \return its exit code
inline int be_rank(const RanksOptions& options, int rank, std::uint16_t port,
                   const std::function<bool(parallel::Group&)>& body) {
  at::set_num_threads(1);  // those of the process that this one was forked from are not here
  for (const std::string& variable : parallel::local_environment(rank, options.size, port)) {
    const std::size_t equals = variable.find('=');
    ::setenv(variable.substr(0, equals).c_str(), variable.substr(equals + 1).c_str(), 1);
  }
  if (!options.has_agent) ::unsetenv("TORCHELASTIC_USE_AGENT_STORE");
  try {
    return parallel::as_rank(options.group, body) && options.afterwards(rank) ? 0 : 1;
  } catch (const Error& error) {
    std::fprintf(stderr, "rank %d: %s\n", rank, error.what());
    return static_cast<int>(error.code());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rank %d: %s\n", rank, error.what());
    return static_cast<int>(ExitCode::kInternal);
  }
}

/// \return how a process ended, as shells have it; nothing if it had not by then, and was ended
inline std::optional<int> exit_code_of(pid_t process, std::chrono::steady_clock::time_point end) {
  int status = 0;
  while (::waitpid(process, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > end) {
      ::kill(process, SIGKILL);
      ::waitpid(process, &status, 0);
      return std::nullopt;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/// A store in a process of its own: one that is forked beside running threads may inherit locks that nobody opens.
class StoreProcess {
 public:
  StoreProcess() {
    std::array<int, 2> ends{};
    const bool is_piped = ::pipe(ends.data()) == 0;
    process_ = is_piped ? ::fork() : -1;
    if (process_ < 0) throw IoError::from_errno("cannot start a store");
    if (process_ == 0) {
      const parallel::ServedStore store;
      const std::uint16_t port = store.port();
      if (::write(ends[1], &port, sizeof(port)) != sizeof(port)) ::_exit(1);
      while (true) ::pause();
    }
    ::close(ends[1]);
    if (::read(ends[0], &port_, sizeof(port_)) != sizeof(port_)) ADD_FAILURE() << "the store did not start";
    ::close(ends[0]);
  }
  ~StoreProcess() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  StoreProcess(const StoreProcess&) = delete;
  StoreProcess& operator=(const StoreProcess&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  pid_t process_ = -1;
  std::uint16_t port_ = 0;
};

/// Does something as each of several ranks.
/// \param body false if what it saw was wrong
inline void as_ranks(const std::function<bool(parallel::Group&)>& body, const RanksOptions& options = {}) {
  auto store = std::make_optional<StoreProcess>();
  const std::uint16_t port = store->port();
  if (!options.has_agent) store.reset();  // its port is free
  std::vector<pid_t> processes;
  for (int rank = 0; rank < options.size; ++rank) {
    processes.push_back(::fork());
    if (processes.back() == 0) ::_exit(be_rank(options, rank, port, body));
  }
  const auto end = std::chrono::steady_clock::now() + options.limit;
  for (std::size_t rank = 0; rank < processes.size(); ++rank) {
    const std::optional<int> code = exit_code_of(processes[rank], end);
    if (!code) {
      ADD_FAILURE() << "rank " << rank << " had not ended after " << options.limit.count() << " s";
    } else {
      EXPECT_EQ(*code, options.codes.empty() ? 0 : options.codes.at(rank)) << "rank " << rank;
    }
  }
}

}  // namespace albert::testing
