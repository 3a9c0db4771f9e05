#include "serve/batcher.h"

#include <algorithm>
#include <utility>

namespace albert::serve {

std::int64_t count_tokens(const tasks::ItemSet& items) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < items.num_items(); ++i) sum += items.item(i).num_tokens();
  return sum;
}

Batcher::Batcher(ComputePool& pool, BatchOptions options, Score score, std::function<void(BatchSize)> on_batch)
    : pool_(pool), options_(options), score_(std::move(score)), on_batch_(std::move(on_batch)) {
  pool_.add(*this);
}

Batcher::~Batcher() {
  stop();
}

void Batcher::stop() {
  std::deque<std::shared_ptr<Entry>> left;
  {
    const std::scoped_lock lock(mutex_);
    is_stopping_ = true;
    left.swap(waiting_);
  }
  pool_.remove(*this);
  for (const auto& entry : left) finish(*entry, Outcome::kAbandoned);
}

void Batcher::submit(BatchRequest request) {
  ComputePool& pool = pool_;  // the request may end with the last use of the object before the pool is told
  auto entry = std::make_shared<Entry>();
  entry->num_left = count_tokens(*request.items);
  entry->request = std::move(request);
  entry->submitted = Clock::now();
  {
    const std::scoped_lock lock(mutex_);
    if (!is_stopping_) waiting_.push_back(std::exchange(entry, nullptr));
  }
  if (entry) return finish(*entry, Outcome::kAbandoned);
  pool.wake();
}

std::size_t Batcher::num_waiting() const {
  const std::scoped_lock lock(mutex_);
  return waiting_.size();
}

/// A batch is due at once if it is full, else when the oldest request has waited long enough.
std::optional<WorkSource::Waiting> Batcher::waiting() const {
  const std::scoped_lock lock(mutex_);
  if (waiting_.empty()) return std::nullopt;
  Waiting all{.due = waiting_.front()->submitted};
  for (const auto& entry : waiting_) all.num_tokens += entry->num_left;
  if (all.num_tokens < options_.max_tokens) all.due += options_.max_wait;
  return all;
}

Piece Batcher::take(std::int64_t enough) {
  Piece piece;
  std::vector<std::shared_ptr<Entry>> dead;
  std::vector<BatchItem> batch;
  {
    const std::scoped_lock lock(mutex_);
    dead = take_out_dead();
    batch = take_batch(std::min(enough, options_.max_tokens), piece.num_tokens);
  }
  const auto now = Clock::now();
  for (const auto& entry : dead) {
    finish(*entry, entry->request.deadline <= now ? Outcome::kLate : Outcome::kAbandoned);
  }
  if (!batch.empty()) piece.compute = [this, batch = std::move(batch)] { compute(batch); };
  return piece;
}

std::vector<std::shared_ptr<Batcher::Entry>> Batcher::take_out_dead() {
  const auto now = Clock::now();
  std::vector<std::shared_ptr<Entry>> dead;
  std::erase_if(waiting_, [&](const std::shared_ptr<Entry>& entry) {
    const BatchRequest& request = entry->request;
    if (request.deadline > now && !(request.is_abandoned && request.is_abandoned->load())) return false;
    dead.push_back(entry);
    return true;
  });
  return dead;
}

/// Takes the next item of a request if it fits.
/// \param enough tokens of the batch, with which no more is taken
bool Batcher::take_item(const std::shared_ptr<Entry>& entry, std::int64_t enough, std::int64_t& num_tokens,
                        std::vector<BatchItem>& batch) const {
  const tasks::ItemSet& items = *entry->request.items;
  if (entry->num_taken == items.num_items()) return false;
  const std::int64_t size = items.item(entry->num_taken).num_tokens();
  if (!batch.empty() && (num_tokens >= enough || num_tokens + size > options_.max_tokens)) return false;
  num_tokens += size;
  entry->num_left -= size;
  batch.push_back({entry, entry->num_taken++});
  return true;
}

std::vector<Batcher::BatchItem> Batcher::take_batch(std::int64_t enough, std::int64_t& num_tokens) {
  std::vector<BatchItem> batch;
  if (waiting_.empty()) return batch;
  const std::int64_t share = enough / std::ssize(waiting_);
  const auto now = Clock::now();
  const auto take = [&](const std::shared_ptr<Entry>& entry, std::int64_t limit) {
    while (take_item(entry, std::min(limit, enough), num_tokens, batch)) {
      if (!entry->taken) entry->taken = now;
    }
  };
  for (const auto& entry : waiting_) take(entry, num_tokens + share);
  for (const auto& entry : waiting_) take(entry, enough);
  std::erase_if(waiting_, [](const auto& entry) { return entry->num_taken == entry->request.items->num_items(); });
  return batch;
}

void Batcher::compute(std::span<const BatchItem> batch) {
  try {
    score(batch);
  } catch (...) {
    fail(batch, std::current_exception());
  }
}

void Batcher::score(std::span<const BatchItem> batch) {
  std::vector<const model::Item*> items;
  BatchSize size{.num_items = batch.size()};
  for (const auto& [entry, index] : batch) {
    items.push_back(&entry->request.items->item(index));
    size.num_tokens += items.back()->num_tokens();
  }
  if (on_batch_) on_batch_(size);
  score_(items, [&](std::size_t i, std::span<const float> scores) {
    Entry& entry = *batch[i].entry;
    const std::scoped_lock lock(entry.mutex);
    entry.request.items->take_scores(batch[i].index, scores);
  });
  for (const auto& [entry, index] : batch) {
    bool is_last = false;
    {
      const std::scoped_lock lock(entry->mutex);
      is_last = ++entry->num_scored == entry->request.items->num_items();
    }
    if (is_last) finish(*entry, Outcome::kScored);
  }
}

/// A batch fails because of one of its requests, or of its size: each request gets another try by itself.
void Batcher::fail(std::span<const BatchItem> batch, const std::exception_ptr& failure) {
  // The items of a request stand together, but for those that filled the batch up.
  std::vector<BatchItem> sorted(batch.begin(), batch.end());
  std::ranges::stable_sort(sorted, {}, [](const BatchItem& item) { return item.entry.get(); });
  if (sorted.front().entry != sorted.back().entry) {
    for (auto begin = sorted.begin(); begin != sorted.end();) {
      const auto end = std::find_if(begin, sorted.end(), [&](const auto& item) { return item.entry != begin->entry; });
      compute({begin, end});
      begin = end;
    }
    return;
  }
  Entry& entry = *sorted.front().entry;
  {
    const std::scoped_lock lock(mutex_);
    std::erase_if(waiting_, [&](const auto& other) { return other.get() == &entry; });
  }
  finish(entry, Outcome::kFailed, failure);
}

/// Does nothing for a request that is finished already.
void Batcher::finish(Entry& entry, Outcome outcome, std::exception_ptr failure) {
  std::function<void(BatchReport)> done;
  {
    const std::scoped_lock lock(entry.mutex);
    done = std::exchange(entry.request.done, {});
  }
  if (!done) return;
  const auto now = Clock::now();
  const auto taken = entry.taken.value_or(now);
  done({.outcome = outcome, .failure = std::move(failure), .queued = taken - entry.submitted, .computed = now - taken});
}

}  // namespace albert::serve
