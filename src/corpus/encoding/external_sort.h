#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <queue>
#include <system_error>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/release_memory.h"
#include "corpus/store/record_file.h"

namespace albert::corpus {

/// Sorts any number of records (by `<`) in bounded memory: what does not fit lies, sorted in runs, in a scratch file.
template <typename Record>
class ExternalSort {
 public:
  static constexpr std::size_t kMemoryBytes = std::size_t{16} << 20;

  /// \param scratch a file that is made when it is needed, and removed at the end
  explicit ExternalSort(std::filesystem::path scratch, std::size_t memory_bytes = kMemoryBytes)
      : scratch_(std::move(scratch)), max_records_(std::max<std::size_t>(memory_bytes / sizeof(Record), 2)) {}
  ~ExternalSort() {
    std::error_code ignored;
    if (file_) std::filesystem::remove(scratch_, ignored);
  }
  ExternalSort(const ExternalSort&) = delete;
  ExternalSort& operator=(const ExternalSort&) = delete;

  /// Throws IoError.
  void add(const Record& record) {
    if (records_.size() == max_records_) spill();
    records_.push_back(record);
  }

  /// Calls `consume` with the records in their order. Call once.
  template <typename Consume>
  void drain(Consume consume) {
    if (!file_) {
      std::sort(records_.begin(), records_.end());
      for (const Record& record : records_) consume(record);
      release_memory(records_);
      return;
    }
    spill();
    release_memory(records_);  // the merge has buffers of its own
    file_->flush();
    merge(consume);
  }

  /// Of all records that it holds now.
  std::size_t memory_bytes() const {
    std::size_t capacity = records_.capacity();
    for (const Run& run : runs_) capacity += run.buffer.capacity();
    return capacity * sizeof(Record);
  }

 private:
  /// Where a sorted run lies in the file, counted in records.
  struct Run {
    std::uint64_t next;
    std::uint64_t end;
    std::vector<Record> buffer{};
    std::size_t used = 0;
  };
  struct Head {
    Record record;
    std::size_t run;
    bool operator<(const Head& other) const { return other.record < record; }  // the smallest is the queue's top
  };

  void spill() {
    if (records_.empty()) return;
    if (!file_) file_ = std::make_unique<FileWriter>(scratch_);
    std::sort(records_.begin(), records_.end());
    const std::uint64_t begin = runs_.empty() ? 0 : runs_.back().end;
    file_->write({reinterpret_cast<const char*>(records_.data()), records_.size() * sizeof(Record)});
    runs_.push_back({.next = begin, .end = begin + records_.size()});
    records_.clear();
  }

  template <typename Consume>
  void merge(Consume consume) {
    const FileAccess file(scratch_);
    const std::size_t buffer_records = std::clamp<std::size_t>(max_records_ / runs_.size(), 1, std::size_t{16} << 10);
    const auto read = [&](Run& run) -> std::optional<Record> {
      if (run.used == run.buffer.size()) {
        const std::uint64_t count = std::min<std::uint64_t>(buffer_records, run.end - run.next);
        if (count == 0) return std::nullopt;
        run.buffer.resize(count);
        file.read(run.next * sizeof(Record), reinterpret_cast<char*>(run.buffer.data()), count * sizeof(Record));
        run.next += count;
        run.used = 0;
      }
      return run.buffer[run.used++];
    };
    std::priority_queue<Head> heads;
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      if (const std::optional<Record> record = read(runs_[i])) heads.push({*record, i});
    }
    while (!heads.empty()) {
      const Head head = heads.top();
      heads.pop();
      consume(head.record);
      if (const std::optional<Record> record = read(runs_[head.run])) heads.push({*record, head.run});
    }
  }

  std::filesystem::path scratch_;
  std::size_t max_records_;
  std::vector<Record> records_;
  std::unique_ptr<FileWriter> file_;
  std::vector<Run> runs_;
};

}  // namespace albert::corpus
