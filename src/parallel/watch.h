#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace albert::parallel {

/// What ranks write down for one another: a store of small values, by keys.
class Board {
 public:
  virtual ~Board() = default;
  virtual void write(const std::string& key, const std::string& value) = 0;
  /// Nothing if there is no such key.
  virtual std::optional<std::string> read(const std::string& key) = 0;
};

struct WatchOptions {
  int rank = 0;
  int size = 1;
  std::chrono::milliseconds interval{1000};  ///< between signs of life
  /// After so long without one all have ended: a rank is given up after half of it, and the other half is for the
  /// others to hear of that.
  std::chrono::milliseconds timeout{60000};
};

/// Gives signs of life, and looks for those of the next rank that has not left, so that each is watched by one, and any
/// number of ranks costs the store the same per rank. Whoever misses one writes it down for all.
///
/// Time is counted in looks, so that a process that was stopped for a while (Ctrl-Z, a laptop that slept) does not find
/// the others lost. Where the store itself does not answer, the host that serves it is taken for lost.
class Watch {
 public:
  /// \param board used from the watch's own thread alone
  /// \param lost called once, from another thread, with what happened: "rank 3 gave no sign of life for 30 s". It is not
  /// to return to work.
  Watch(std::unique_ptr<Board> board, const WatchOptions& options, std::function<void(const std::string&)> lost);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// A connection to some rank broke: a few signs of life that do not come are enough now, on all ranks.
  void suspect() { suspects_ = true; }

  /// Keys on the board.
  static std::string beat_key(int rank);
  static std::string left_key(int rank);
  static constexpr const char* kFailureKey = "failure";
  static constexpr const char* kSuspicionKey = "suspicion";

 private:
  /// How many intervals a time has.
  std::int64_t intervals(std::chrono::milliseconds time) const { return time / options_.interval; }
  void watch();
  void guard();
  /// How many looks without a sign of life mean that a rank is lost.
  std::int64_t patience();
  /// One look at the board. \return what happened, if something did
  std::optional<std::string> look();
  /// Goes on to the next rank that has not left. \return false if all have
  bool find_watched();
  bool wait(std::chrono::milliseconds time);

  std::unique_ptr<Board> board_;
  WatchOptions options_;
  std::function<void(const std::string&)> lost_;
  int watched_;                   ///< the next rank that has not left
  std::int64_t beat_ = 0;         ///< of this rank
  std::string last_beat_;         ///< of the watched one
  std::int64_t looks_since_ = 0;  ///< since that came
  std::atomic<bool> suspects_ = false;
  std::mutex mutex_;  ///< of what follows
  std::condition_variable condition_;
  std::int64_t ticks_since_answer_ = 0;  ///< of the board
  bool stops_ = false;
  std::thread watcher_;
  std::thread guard_;
};

}  // namespace albert::parallel
