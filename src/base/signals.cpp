#include "base/signals.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>

#include <unistd.h>

#include "base/error.h"
#include "base/live_temporaries.h"

namespace albert {

namespace {

using Messages = std::array<std::string, kStopSignals.size()>;

// The system runs a handler on any thread, and others read what it writes.
std::atomic<int> received = 0;
std::atomic<int> delayed = 0;
std::atomic<const char*> answer_to_signal = nullptr;
std::atomic<const Messages*> last_words = nullptr;
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<void*>::is_always_lock_free,
              "a handler must not wait for a lock");

bool is_ignored(int signal) {
  struct sigaction action {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

/// What a handler may call; nobody is there to hear that it failed.
void say(std::string_view text) {
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
}

/// Also lets a second signal of a person do what it does to any process.
void remember(int signal) {
  int none = 0;
  if (!received.compare_exchange_strong(none, signal)) return;
  const int kept = errno;
  for (const int other : {SIGINT, SIGTERM}) {
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    if (!is_ignored(other)) sigaction(other, &action, nullptr);
  }
  if (const char* answer = answer_to_signal) say(answer);
  errno = kept;
}

void delay(int signal) {
  int none = 0;
  delayed.compare_exchange_strong(none, signal);
}

void end_with_last_words(int signal) {
  const auto* const found = std::ranges::find(kStopSignals, signal);
  remove_live_temporaries();
  if (const Messages* messages = last_words) say((*messages)[static_cast<std::size_t>(found - kStopSignals.begin())]);
  ::_exit(128 + signal);
}

}  // namespace

SignalHandling::SignalHandling(void (*handler)(int), std::span<const int> signals) : signals_(signals) {
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    const int signal = signals_[i];
    sigaction(signal, nullptr, &previous_[i]);
    if (signal != SIGINT && is_ignored(signal)) continue;
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigaction(signal, &action, nullptr);
  }
}

SignalHandling::~SignalHandling() {
  for (std::size_t i = 0; i < signals_.size(); ++i) sigaction(signals_[i], &previous_[i], nullptr);
}

SignalDelay::SignalDelay() {
  handling_.emplace(delay, kEndSignals);
}

SignalDelay::~SignalDelay() {
  handling_.reset();
  if (const int signal = delayed.exchange(0)) ::raise(signal);
}

StopRequest::StopRequest(const char* answer) {
  answer_to_signal = answer;
  handling_.emplace(remember);
}

StopRequest::~StopRequest() {
  handling_.reset();
  received = 0;
}

int StopRequest::signal() {
  return received;
}

void stop_if_asked(std::string_view what) {
  if (const int signal = StopRequest::signal())
    throw Error(ExitCode{128 + signal}, fmt::format("stopped by a signal; no {} was written", what));
}

StopNotice::StopNotice(std::string_view remark) {
  for (std::size_t i = 0; i < kStopSignals.size(); ++i) {
    messages_[i].append("\nstopped by ").append(name_of_signal(kStopSignals[i])).append(remark).append("\n");
  }
  last_words = &messages_;
  handling_.emplace(end_with_last_words);
}

StopNotice::~StopNotice() {
  handling_.reset();
  last_words = nullptr;
}

std::string name_of_signal(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return name ? std::string("SIG") + name : "signal " + std::to_string(signal);
}

}  // namespace albert
