#include "corpus/store/shard_check.h"

#include <algorithm>
#include <exception>
#include <system_error>
#include <utility>

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/checksum.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "base/progress.h"
#include "corpus/store/shard.h"

namespace albert::corpus {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;  // a multiple of any page's size
constexpr int kRestPerWork = 3;
constexpr auto kMaxRest = std::chrono::milliseconds(50);  // where the work took long because others had the processor

/// Gives the calling thread the lowest priority. Where the system does not, it keeps the one that it has.
void lower_priority() {
  constexpr int kThread = 1;                // IOPRIO_WHO_PROCESS, which for Linux is a thread
  constexpr int kWhenDiskIsIdle = 3 << 13;  // IOPRIO_CLASS_IDLE
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 19);
  ::syscall(SYS_ioprio_set, kThread, 0, kWhenDiskIsIdle);
}

/// Takes a piece out of this process's tables of pages, so that the memory it seems to use does not grow by the corpus.
/// It stays in the system's cache, from where it comes back when it is read.
void forget(std::string_view piece) {
  ::madvise(const_cast<char*>(piece.data()), piece.size(), MADV_DONTNEED);
}

template <typename Visit>
void for_each_shard(const std::vector<std::shared_ptr<const Corpus>>& corpora, ShardShare share, const Visit& visit) {
  std::size_t number = 0;
  for (const Split split : {Split::kTrain, Split::kHeldOut}) {
    for (const auto& corpus : corpora) {
      for (const Shard& shard : corpus->shards(split)) {
        if (number++ % share.count == share.index) visit(*corpus, shard);
      }
    }
  }
}

}  // namespace

ShardCheck::ShardCheck(std::vector<std::shared_ptr<const Corpus>> corpora, ShardShare share)
    : corpora_(std::move(corpora)), share_(share) {
  for_each_shard(corpora_, share_, [&](const Corpus&, const Shard& shard) { total_bytes_ += shard.bytes().size(); });
  try {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  } catch (const std::system_error& error) {
    log_warning("the shards are not compared with their checksums: cannot start a thread: {}", error.code().message());
    is_done_ = true;
  }
}

ShardCheck::~ShardCheck() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  if (is_damaged_ || checked_bytes_ == total_bytes_) return;
  log_debug("{} of {} of the shards were compared with their checksums before the run ended, and were sound",
            format_bytes(checked_bytes_), format_bytes(total_bytes_));
}

void ShardCheck::require_sound() const {
  if (is_damaged_) throw DataError("{}", problem_);
}

void ShardCheck::run(const std::stop_token& stop) {
  lower_priority();
  try {
    check(stop);
  } catch (const std::exception& error) {  // no memory
    log_warning("the shards are not compared with their checksums: {}", error.what());
  }
  is_done_ = true;
  is_done_.notify_all();
}

void ShardCheck::check(const std::stop_token& stop) {
  const auto begin = Clock::now();
  std::uint64_t num_shards = 0;
  for_each_shard(corpora_, share_, [&](const Corpus& corpus, const Shard& shard) {
    if (is_damaged_ || stop.stop_requested()) return;
    const std::string found = checksum_of(shard, stop);
    if (found.empty()) return;
    ++num_shards;
    if (found == shard.checksum()) return;
    problem_ = fmt::format(
        "{}: damaged since the corpus was built: expected the checksum {}, found {}. Copy the file from where it is "
        "whole, or build the corpus again; `albert corpus verify {}` names every file that is damaged",
        shard.path().string(), shard.checksum(), found, corpus.folder().string());
    is_damaged_ = true;
  });
  if (is_damaged_ || checked_bytes_ < total_bytes_) return;
  const auto took = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - begin);
  log_debug("{} of {} are as they were written, which took {} in the background", counted(num_shards, "shard"),
            format_bytes(total_bytes_), format_duration(took));
}

std::string ShardCheck::checksum_of(const Shard& shard, const std::stop_token& stop) {
  Checksum checksum;
  for (std::string_view left = shard.bytes(); !left.empty();) {
    if (stop.stop_requested()) return "";
    const auto begin = Clock::now();
    const std::string_view piece = left.substr(0, kPieceBytes);
    checksum.update(piece);
    forget(piece);
    left.remove_prefix(piece.size());
    checked_bytes_ += piece.size();
    rest(Clock::now() - begin, stop);
  }
  return checksum.hex();
}

void ShardCheck::rest(Clock::duration worked, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  resting_.wait_for(lock, stop, std::min<Clock::duration>(kRestPerWork * worked, kMaxRest), [] { return false; });
}

}  // namespace albert::corpus
