#include "base/child_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/error.h"

namespace albert {

namespace {

constexpr int kNoSuchProgram = 127;  ///< as shells have it

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// What the child does between fork() and exec(), where only calls are allowed that a signal's handler may make.
[[noreturn]] void become(const ProcessStart& start, char* const* arguments, char** variables, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(kNoSuchProgram);  // it ended before it could be watched
  if (start.has_own_group) ::setpgid(0, 0);
  if (start.output >= 0) ::dup2(start.output, STDOUT_FILENO);
  if (start.is_silent) {
    const int nothing = ::open("/dev/null", O_RDWR);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(nothing, STDERR_FILENO);
  }
  environ = variables;
  ::execvp(start.program.c_str(), arguments);
  ::_exit(kNoSuchProgram);
}

/// Reads to the end, or until the time is over.
/// \return whether the end was reached
bool read_until(int descriptor, std::chrono::steady_clock::time_point end, std::string& text) {
  std::array<char, 4096> buffer{};
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd ready{.fd = descriptor, .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, static_cast<int>(left.count())) <= 0) continue;
    const ssize_t size = ::read(descriptor, buffer.data(), buffer.size());
    if (size == 0) return true;
    if (size > 0) text.append(buffer.data(), static_cast<std::size_t>(size));
    if (size < 0 && errno != EINTR) throw IoError::from_errno("cannot read what another program prints");
  }
}

}  // namespace

pid_t start_process(const ProcessStart& start) {
  std::vector<std::string> arguments = start.arguments, variables = start.variables;
  for (char** variable = environ; *variable != nullptr; ++variable) variables.emplace_back(*variable);
  const std::vector<char*> argument_pointers = pointers_to(arguments);
  std::vector<char*> variable_pointers = pointers_to(variables);  // of two with one name the first counts
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) throw IoError::from_errno(fmt::format("cannot run {}", start.program));
  if (child == 0) become(start, argument_pointers.data(), variable_pointers.data(), parent);
  return child;
}

ProgramResult run_program(const std::vector<std::string>& command, std::chrono::seconds limit) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw IoError::from_errno("cannot make a pipe");
  const Descriptor reading(ends[0]);
  pid_t child = 0;
  {
    const Descriptor writing(ends[1]);
    child =
        start_process({.program = command.front(), .arguments = command, .output = writing.value(), .is_silent = true});
  }
  ProgramResult result;
  result.is_timed_out = !read_until(reading.value(), std::chrono::steady_clock::now() + limit, result.output);
  if (result.is_timed_out) ::kill(child, SIGKILL);
  while (::waitpid(child, &result.status, 0) < 0 && errno == EINTR) {
  }
  return result;
}

std::vector<std::string> own_arguments() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> arguments;
  for (std::string argument; std::getline(file, argument, '\0');) arguments.push_back(argument);
  return arguments;
}

std::string own_program() {
  constexpr const char* kLink = "/proc/self/exe";
  std::error_code error;
  const std::filesystem::path path = std::filesystem::read_symlink(kLink, error);
  // By its own path it has its name in the lists of processes. Where the file was replaced meanwhile, the link still
  // leads to the old one.
  return !error && std::filesystem::exists(path, error) ? path.string() : kLink;
}

}  // namespace albert
