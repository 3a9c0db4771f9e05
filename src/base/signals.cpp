#include "base/signals.h"

#include <csignal>

namespace albert {

namespace {

volatile std::sig_atomic_t received = 0;

void remember(int signal) {
  received = signal;
}

void install(void (*handler)(int), int flags) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

StopRequest::StopRequest() {
  received = 0;
  install(remember, static_cast<int>(SA_RESTART | SA_RESETHAND));
}

StopRequest::~StopRequest() {
  install(SIG_DFL, 0);
}

int StopRequest::signal() {
  return received;
}

}  // namespace albert
