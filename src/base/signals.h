#pragma once

namespace albert {

/// While it lives, the first SIGINT or SIGTERM only sets a flag, so that long work can stop at a good place; a second
/// one ends the process at once. One object at a time.
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

}  // namespace albert
