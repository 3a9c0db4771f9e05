#pragma once

#include <string>
#include <thread>

#include "base/progress.h"

namespace albert {

/// Shows, while it lives, for how long a call has been at work that says nothing of itself.
class Heartbeat {
 public:
  /// \param title what is being done: "training the vocabulary"
  explicit Heartbeat(std::string title);

 private:
  void beat(const std::stop_token& stop);

  Progress progress_;
  std::jthread thread_;  ///< uses the other members
};

}  // namespace albert
