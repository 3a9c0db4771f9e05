#include "train/loader.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/pipeline.h"

namespace albert::train {

namespace {

/// What a background thread is asked to make.
struct Order {
  std::shared_ptr<const BatchEpoch> epoch;
  std::uint64_t first = 0;
  std::int64_t count = 0;
  std::int64_t first_number = 0;
  bool completes_update = false;
  DataPosition end;
};

struct Delivery {
  std::unique_ptr<MicroBatch> micro_batch;
  bool completes_update = false;
  DataPosition end;
  std::uint64_t epoch_size = 0;
};

/// Cuts the stream of examples into updates and these into micro-batches, one order after another, without end.
class Plan {
 public:
  Plan(const BatchSource& source, const LoaderOptions& options, DataPosition start)
      : source_(source), options_(options), position_(start) {}

  Order next() {
    open_epoch();
    if (number_ == 0) {
      const std::int64_t own = epoch_->update_size(position_.index);
      update_size_ = own > 0 ? own : options_.batch_size;
    }
    Order order;
    order.epoch = epoch_;
    order.first = position_.index;
    order.first_number = number_;
    const auto left = static_cast<std::int64_t>(epoch_->size() - position_.index);
    order.count = std::min({options_.micro_batch_size, update_size_ - number_, left});
    position_.index += static_cast<std::uint64_t>(order.count);
    number_ += order.count;
    order.completes_update = number_ == update_size_;
    if (order.completes_update) number_ = 0;
    order.end = position_;
    return order;
  }

 private:
  /// Makes epoch_ the one that holds the next example.
  void open_epoch() {
    if (!epoch_) epoch_ = source_.epoch(position_.epoch);
    while (position_.index >= epoch_->size()) {
      if (epoch_->size() == 0)
        throw DataError("there is nothing to train on: epoch {} has no example", position_.epoch);
      position_ = {position_.epoch + 1, 0};
      epoch_ = source_.epoch(position_.epoch);
    }
  }

  const BatchSource& source_;
  LoaderOptions options_;
  DataPosition position_;
  std::int64_t number_ = 0;       ///< in its update, of the next example
  std::int64_t update_size_ = 0;  ///< examples of that update
  std::shared_ptr<const BatchEpoch> epoch_;
};

Delivery carry_out(const Order& order) {
  return {order.epoch->make(order.first, order.count, order.first_number), order.completes_update, order.end,
          order.epoch->size()};
}

/// Enough to keep every thread busy and one whole update ready while another is used.
std::size_t capacity(const LoaderOptions& options) {
  const auto per_update = (options.batch_size + options.micro_batch_size - 1) / options.micro_batch_size;
  return 2 * std::max(options.num_threads, static_cast<std::size_t>(per_update));
}

}  // namespace

class Loader::Stream {
 public:
  Stream(const BatchSource& source, const LoaderOptions& options, DataPosition start)
      : plan_(source, options, start),
        pipeline_(
            options.num_threads, capacity(options), [this] { return std::optional(plan_.next()); },
            [](const Order& order, std::size_t) { return carry_out(order); }) {}

  Delivery next() { return std::move(pipeline_.next().value()); }

 private:
  Plan plan_;
  Pipeline<Order, Delivery> pipeline_;
};

Loader::Loader(const BatchSource& source, const LoaderOptions& options, DataPosition start)
    : stream_(std::make_unique<Stream>(source, options, start)) {}

Loader::~Loader() = default;

UpdateBatch Loader::next() {
  const auto begin = std::chrono::steady_clock::now();
  UpdateBatch update;
  for (bool complete = false; !complete;) {
    Delivery delivery = stream_->next();
    const MicroBatch& part = *delivery.micro_batch;
    update.num_sequences += part.num_sequences;
    update.num_tokens += part.num_tokens;
    update.num_targets.resize(part.num_targets.size());
    for (std::size_t i = 0; i < part.num_targets.size(); ++i) update.num_targets[i] += part.num_targets[i];
    update.end = delivery.end;
    update.epoch_size = delivery.epoch_size;
    update.micro_batches.push_back(std::move(delivery.micro_batch));
    complete = delivery.completes_update;
  }
  waited_s_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return update;
}

}  // namespace albert::train
