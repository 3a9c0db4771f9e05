#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "corpus/store/corpus.h"

namespace albert::corpus {

class Shard;

/// Which shards are checked: one of `count` shares, so that processes which read the same files divide the work.
struct ShardShare {
  std::size_t index = 0;
  std::size_t count = 1;
};

/// Compares the shards of corpora with their checksums, once, on a thread of its own, while their examples are used:
/// what a disk or a copy got wrong is found without anybody waiting for it.
///
/// The thread has the lowest priority for processor and disk, and after each MiB rests three times as long as that
/// took, but at most 50 ms. It reads what
/// is mapped, so that it sees what the examples are made of. A shard of which a part cannot be read ends the process
/// with a message that names it, as any read of it does (see MappedFile).
class ShardCheck {
 public:
  /// Begins at once, with what is trained on.
  explicit ShardCheck(std::vector<std::shared_ptr<const Corpus>> corpora, ShardShare share = {});
  /// Ends the check where it is: a matter of milliseconds.
  ~ShardCheck();
  ShardCheck(const ShardCheck&) = delete;
  ShardCheck& operator=(const ShardCheck&) = delete;

  /// Cheap, from any thread.
  /// Throws DataError that names the first damaged shard, if one was found so far.
  void require_sound() const;
  /// Returns once all shards are checked, or a damaged one was found.
  void wait() const { is_done_.wait(false); }

  std::uint64_t checked_bytes() const { return checked_bytes_; }
  /// Of the shards of the share.
  std::uint64_t total_bytes() const { return total_bytes_; }

 private:
  void run(const std::stop_token& stop);
  void check(const std::stop_token& stop);
  /// \return the checksum, or nothing if it was asked to stop
  std::string checksum_of(const Shard& shard, const std::stop_token& stop);
  void rest(std::chrono::steady_clock::duration worked, const std::stop_token& stop);

  std::vector<std::shared_ptr<const Corpus>> corpora_;
  ShardShare share_;
  std::uint64_t total_bytes_ = 0;
  std::atomic<std::uint64_t> checked_bytes_ = 0;
  std::atomic<bool> is_done_ = false;
  std::string problem_;  ///< written before is_damaged_ is set, and never after
  std::atomic<bool> is_damaged_ = false;
  std::mutex mutex_;  ///< of resting
  std::condition_variable_any resting_;
  std::jthread thread_;  ///< uses the other members
};

}  // namespace albert::corpus
