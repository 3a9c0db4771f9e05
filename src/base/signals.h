#pragma once

#include <array>
#include <csignal>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace albert {

/// The signals that ask a process to end: SIGINT and SIGTERM, which people send; SIGHUP of a terminal that closes;
/// SIGUSR1, SIGUSR2, SIGALRM and SIGXCPU, by which batch systems announce the end of the time; SIGPIPE, once nobody
/// reads the log any more.
inline constexpr std::array kStopSignals{SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGXCPU, SIGPIPE};
/// And SIGQUIT, which ends a process at once, with an image of its memory for whoever looks why it hangs: nothing that
/// it does is ended in good order before, but what was being written is removed.
inline constexpr std::array kEndSignals{SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGXCPU, SIGPIPE, SIGQUIT};

/// While it lives, signals are handled in one way; then as they were before.
///
/// What the process was started to ignore stays ignored, as SIGHUP under nohup; but for SIGINT, which a shell lets its
/// background jobs ignore, and which whoever sends it means.
class SignalHandling {
 public:
  /// \param signals some of kEndSignals
  explicit SignalHandling(void (*handler)(int), std::span<const int> signals = kStopSignals);
  ~SignalHandling();
  SignalHandling(const SignalHandling&) = delete;
  SignalHandling& operator=(const SignalHandling&) = delete;

 private:
  std::span<const int> signals_;
  std::array<struct sigaction, kEndSignals.size()> previous_{};
};

/// While it lives, the signals that end a process wait: for steps of some milliseconds that are done whole. The first that comes is sent again
/// at the end.
class SignalDelay {
 public:
  SignalDelay();
  ~SignalDelay();
  SignalDelay(const SignalDelay&) = delete;
  SignalDelay& operator=(const SignalDelay&) = delete;

 private:
  std::optional<SignalHandling> handling_;
};

/// While it lives, the first stop signal only sets a flag, so that long work can stop at a good place. After it a
/// SIGINT or SIGTERM ends the process at once, and the others change nothing: terminals and batch systems send several
/// of them. One object at a time.
class StopRequest {
 public:
  /// \param answer written to standard error when the first signal comes, so that its sender knows what happens now;
  /// null: nothing. A literal.
  explicit StopRequest(const char* answer = nullptr);
  ~StopRequest();
  StopRequest(const StopRequest&) = delete;
  StopRequest& operator=(const StopRequest&) = delete;

  /// The signal that came while the object lives, or 0.
  static int signal();

 private:
  std::optional<SignalHandling> handling_;
};

/// Where long work can end: throws an Error with the exit code 128 + signal if the StopRequest that lives has a signal.
/// Cheap.
/// \param what is then not written: "corpus"
void stop_if_asked(std::string_view what);

/// While it lives, but not while a StopRequest does, a stop signal ends the process at once, with the code 128 + its
/// number, and tells its sender what that means. One object at a time.
class StopNotice {
 public:
  /// \param remark follows "stopped by SIGTERM": "; what is saved stays"
  explicit StopNotice(std::string_view remark);
  ~StopNotice();
  StopNotice(const StopNotice&) = delete;
  StopNotice& operator=(const StopNotice&) = delete;

 private:
  std::array<std::string, kStopSignals.size()> messages_;
  std::optional<SignalHandling> handling_;
};

/// "SIGTERM".
std::string name_of_signal(int signal);

}  // namespace albert
