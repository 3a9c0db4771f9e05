#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace albert::serve {

using Clock = std::chrono::steady_clock;

/// Some of what waits at a source, to be computed together.
struct Piece {
  std::int64_t num_tokens = 0;         ///< at least 1
  std::function<void()> compute = {};  ///< throws nothing; empty: what waited has gone
};

/// Where work waits for a ComputePool. Its functions are called from the pool's threads, while the pool is locked: they
/// must not call the pool.
class WorkSource {
 public:
  struct Waiting {
    std::int64_t num_tokens = 0;
    Clock::time_point due = {};  ///< when some of it should be taken
  };

  virtual ~WorkSource() = default;
  virtual std::optional<Waiting> waiting() const = 0;
  /// \param enough tokens for a piece: it ends with the item that reaches them
  virtual Piece take(std::int64_t enough) = 0;
};

struct PoolOptions {
  int num_threads = 1;  ///< that compute at the same time, in all pieces together
  /// Tokens with which a piece computes as fast as with more: it is no larger, so that what comes next waits less.
  std::int64_t piece_tokens = INT64_MAX;
};

/// The threads that compute for all models. A piece that is alone has all of them; where more waits than one piece, each
/// thread computes one by itself, which costs less than to divide every product among threads that wait for one another.
/// The work that has waited for longest comes first, whichever model is asked.
///
/// The first thread that is idle computes, and the I-th one is helped by no more than its share of I pieces: OpenMP
/// keeps the helpers of each thread that ever had some until that thread ends.
class ComputePool {
 public:
  /// Says by how many threads the calling one computes from now on.
  using UseThreads = std::function<void(int count)>;

  /// How many threads there are at most, with those that help them.
  static std::int64_t count_with_helpers(int num_threads);

  /// Throws std::system_error if the system does not give so many threads.
  explicit ComputePool(PoolOptions options, UseThreads use_threads = {});
  /// The sources are gone before it.
  ~ComputePool();
  ComputePool(const ComputePool&) = delete;
  ComputePool& operator=(const ComputePool&) = delete;

  void add(WorkSource& source);
  /// Returns once none of its pieces is computed. From any thread but the pool's.
  void remove(WorkSource& source);
  /// Some work has come to a source.
  void wake();

 private:
  struct Member {
    WorkSource* source;
    int num_pieces = 0;  ///< that are being computed
  };
  struct Worker {
    std::thread thread = {};
    std::condition_variable called = {};
    bool is_idle = false;  ///< waits to be called
  };

  void run(std::size_t number);
  void stop();
  bool call_idle(std::size_t before);
  Member* next_due(Clock::time_point& due);
  void compute_piece(std::size_t number, WorkSource& source, std::unique_lock<std::mutex>& lock);
  std::int64_t num_waiting_tokens() const;
  int threads_for(std::size_t number, std::int64_t num_tokens, std::int64_t num_left) const;
  Member* find(const WorkSource& source);

  PoolOptions options_;
  UseThreads use_threads_;
  std::mutex mutex_;
  std::condition_variable piece_ended_;  ///< what remove() waits for
  std::vector<Member> members_;
  int num_free_;                          ///< threads that compute nothing, and that no piece has taken besides its own
  std::int64_t num_computed_tokens_ = 0;  ///< of the pieces under way
  bool is_stopping_ = false;
  std::vector<Worker> workers_;  ///< all there from the beginning
};

}  // namespace albert::serve
