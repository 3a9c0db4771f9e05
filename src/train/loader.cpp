#include "train/loader.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/pipeline.h"

namespace albert::train {

namespace {

/// Examples of one epoch that follow one another in an update.
struct Stretch {
  std::shared_ptr<const BatchEpoch> epoch;
  std::uint64_t first = 0;
  std::int64_t count = 0;
  std::int64_t first_number = 0;  ///< in the update

  std::int64_t end_number() const { return first_number + count; }
  /// Its part with the numbers from `begin` to before `end`, which may be empty.
  Stretch within(std::int64_t begin, std::int64_t end) const {
    const std::int64_t from = std::clamp(begin, first_number, end_number());
    const std::int64_t to = std::clamp(end, from, end_number());
    return {epoch, first + static_cast<std::uint64_t>(from - first_number), to - from, from};
  }
};

/// What a background thread is asked to make.
struct Order {
  Stretch examples;  ///< none: only the end of an update is told
  std::int64_t step = 0;
  bool completes_update = false;
  std::int64_t update_size = 0;
  DataPosition end;              ///< of the update
  std::uint64_t epoch_size = 0;  ///< there
};

struct Delivery {
  std::unique_ptr<MicroBatch> micro_batch;  ///< null where there are no examples
  bool completes_update = false;
  std::int64_t update_size = 0;
  DataPosition end;
  std::uint64_t epoch_size = 0;
};

/// Where the share of each rank begins in an update, and the last one ends.
std::vector<std::int64_t> share_borders(const std::vector<Stretch>& update, std::int64_t num_ranks) {
  std::vector<std::int64_t> tokens_before = {0};
  for (const Stretch& stretch : update) {
    for (std::int64_t i = 0; i < stretch.count; ++i) {
      tokens_before.push_back(tokens_before.back() +
                              stretch.epoch->num_tokens(stretch.first + static_cast<std::uint64_t>(i)));
    }
  }
  std::vector<std::int64_t> borders;
  for (std::int64_t rank = 0; rank <= num_ranks; ++rank) {
    const auto wanted = static_cast<std::int64_t>(static_cast<double>(tokens_before.back()) *
                                                  static_cast<double>(rank) / static_cast<double>(num_ranks));
    auto border = std::ranges::lower_bound(tokens_before, wanted);
    if (border != tokens_before.begin() && wanted - *(border - 1) < *border - wanted) --border;
    borders.push_back(border - tokens_before.begin());
  }
  return borders;
}

/// Cuts the stream of examples into updates, these into the shares of ranks, and one of these into micro-batches, one
/// order after another, without end.
class Plan {
 public:
  Plan(const BatchSource& source, const LoaderOptions& options, DataPosition start)
      : source_(source), options_(options), position_(start), step_(options.first_step) {}

  Order next() {
    if (orders_.empty()) plan_update();
    Order order = std::move(orders_.front());
    orders_.pop_front();
    return order;
  }

 private:
  void plan_update() {
    if (source_.changes_examples(step_)) {
      position_ = {position_.epoch + 1, 0};
      epoch_.reset();
    }
    open_epoch();
    const std::int64_t own = epoch_->update_size(position_.index);
    const UpdateSize size =
        source_.size_of_update(step_).value_or(UpdateSize{options_.batch_size, options_.micro_batch_size});
    const std::int64_t update_size = own > 0 ? own : size.batch;
    std::vector<Stretch> update;
    for (std::int64_t number = 0; number < update_size; number += update.back().count) {
      open_epoch();
      const auto left = static_cast<std::int64_t>(epoch_->size() - position_.index);
      update.push_back({epoch_, position_.index, std::min(update_size - number, left), number});
      position_.index += static_cast<std::uint64_t>(update.back().count);
    }
    std::int64_t begin = 0, end = update_size;
    if (options_.num_ranks > 1) {
      const std::vector<std::int64_t> borders = share_borders(update, options_.num_ranks);
      begin = borders[static_cast<std::size_t>(options_.rank)];
      end = borders[static_cast<std::size_t>(options_.rank) + 1];
    }
    for (const Stretch& stretch : update) {
      const Stretch share = stretch.within(begin, end);
      for (std::int64_t number = share.first_number; number < share.end_number(); number += size.micro_batch) {
        orders_.emplace_back().examples = share.within(number, number + size.micro_batch);
      }
    }
    if (orders_.empty()) orders_.emplace_back();
    orders_.back().completes_update = true;
    for (Order& order : orders_) {
      order.step = step_;
      order.update_size = update_size;
      order.end = position_;
      order.epoch_size = epoch_->size();
    }
    ++step_;
  }

  /// Makes epoch_ the one that holds the next example.
  void open_epoch() {
    if (!epoch_) epoch_ = source_.epoch(position_.epoch, step_);
    while (position_.index >= epoch_->size()) {
      if (epoch_->size() == 0)
        throw DataError("there is nothing to train on: epoch {} has no example", position_.epoch);
      position_ = {position_.epoch + 1, 0};
      epoch_ = source_.epoch(position_.epoch, step_);
    }
  }

  const BatchSource& source_;
  LoaderOptions options_;
  DataPosition position_;
  std::int64_t step_;  ///< updates before the next one to plan
  std::shared_ptr<const BatchEpoch> epoch_;
  std::deque<Order> orders_;  ///< of the update that is being handed out
};

Delivery carry_out(const Order& order) {
  const Stretch& examples = order.examples;
  return {examples.count == 0 ? nullptr
                              : examples.epoch->make(examples.first, examples.count, examples.first_number, order.step),
          order.completes_update, order.update_size, order.end, order.epoch_size};
}

/// Enough to keep every thread busy and one whole update ready, or this rank's share of it, while another is used.
std::size_t capacity(const LoaderOptions& options) {
  const std::int64_t share = (options.batch_size + options.num_ranks - 1) / options.num_ranks;
  const auto per_update = (share + options.micro_batch_size - 1) / options.micro_batch_size;
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
    update.num_sequences = delivery.update_size;
    update.end = delivery.end;
    update.epoch_size = delivery.epoch_size;
    complete = delivery.completes_update;
    if (!delivery.micro_batch) continue;
    const MicroBatch& part = *delivery.micro_batch;
    update.num_tokens += part.num_tokens;
    update.num_targets.resize(part.num_targets.size());
    for (std::size_t i = 0; i < part.num_targets.size(); ++i) update.num_targets[i] += part.num_targets[i];
    update.micro_batches.push_back(std::move(delivery.micro_batch));
  }
  waited_s_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return update;
}

}  // namespace albert::train
