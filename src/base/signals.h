#pragma once

#include <string>

namespace albert {

/// While it lives, the first signal that asks the process to end only sets a flag, so that long work can stop at a good
/// place: SIGINT and SIGTERM; SIGHUP of a terminal that closes; SIGUSR1, SIGUSR2 and SIGXCPU, by which batch systems
/// announce the end of the time; SIGPIPE, once nobody reads the log any more. After it a SIGINT or SIGTERM ends the
/// process at once, and the others change nothing: terminals and batch systems send several of them.
///
/// What the process was started to ignore stays ignored, as SIGHUP under nohup; but for SIGINT, which a shell lets its
/// background jobs ignore, and which whoever sends it means. One object at a time.
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
};

/// "SIGTERM".
std::string name_of_signal(int signal);

}  // namespace albert
