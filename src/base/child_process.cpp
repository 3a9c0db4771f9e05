#include "base/child_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>

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
  if (start.errors >= 0) ::dup2(start.errors, STDERR_FILENO);
  environ = variables;
  ::execvp(start.program.c_str(), arguments);
  ::_exit(kNoSuchProgram);
}

/// A pipe of which this process reads the one end, and another one writes to the other.
class ReadPipe {
 public:
  ReadPipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw IoError::from_errno("cannot make a pipe");
    reading_.emplace(ends[0]);
    writing_.emplace(ends[1]);
  }

  int reading() const { return reading_->value(); }
  int writing() const { return writing_->value(); }
  /// Once the other process has its own copy: without it the end would never come.
  void close_writing() { writing_.reset(); }

 private:
  std::optional<Descriptor> reading_;
  std::optional<Descriptor> writing_;
};

/// A process at the head of a group of its own. Of the group nothing is left where the process is not waited for.
class GroupLeader {
 public:
  explicit GroupLeader(const ProcessStart& start) : process_(start_process(start)) {}
  ~GroupLeader() {
    if (is_running_) stop();
  }
  GroupLeader(const GroupLeader&) = delete;
  GroupLeader& operator=(const GroupLeader&) = delete;

  /// Ends the group. \return as waitpid() gives it
  int stop() {
    ::kill(-process_, SIGKILL);
    return wait();
  }
  int wait() {
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    is_running_ = false;
    return status;
  }

 private:
  pid_t process_;
  bool is_running_ = true;
};

using Clock = std::chrono::steady_clock;

/// Where what one descriptor gives is collected.
struct Reading {
  int descriptor;
  std::string* text;
};

/// Reads what there is. \return false at the end
bool read_some(const Reading& reading) {
  std::array<char, 4096> buffer{};
  const ssize_t size = ::read(reading.descriptor, buffer.data(), buffer.size());
  if (size < 0 && errno != EINTR) throw IoError::from_errno("cannot read what another program prints");
  if (size > 0) reading.text->append(buffer.data(), static_cast<std::size_t>(size));
  return size != 0;
}

/// Reads all to their ends, or until the time is over.
/// \return whether the ends were reached
bool read_until(std::vector<Reading> open, Clock::time_point end) {
  while (!open.empty()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    if (left.count() <= 0) return false;
    std::vector<pollfd> polled;
    for (const Reading& reading : open) polled.push_back({.fd = reading.descriptor, .events = POLLIN, .revents = 0});
    if (::poll(polled.data(), polled.size(), static_cast<int>(left.count())) <= 0) continue;
    for (std::size_t i = polled.size(); i-- > 0;) {
      if (polled[i].revents != 0 && !read_some(open[i])) open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  return true;
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
  if (start.has_own_group) ::setpgid(child, child);  // here too: whichever comes first, the group is there from now on
  return child;
}

ProgramResult run_program(const std::vector<std::string>& command, std::chrono::milliseconds limit) {
  ReadPipe output, errors;
  GroupLeader program({.program = command.front(),
                       .arguments = command,
                       .output = output.writing(),
                       .errors = errors.writing(),
                       .is_silent = true,
                       .has_own_group = true});
  output.close_writing();
  errors.close_writing();
  ProgramResult result;
  const bool is_at_end =
      read_until({{output.reading(), &result.output}, {errors.reading(), &result.errors}}, Clock::now() + limit);
  result.is_timed_out = !is_at_end;
  result.status = is_at_end ? program.wait() : program.stop();
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
