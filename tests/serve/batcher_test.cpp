#include "serve/batcher.h"

#include <future>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace albert::serve {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

/// Items of given lengths, whose only score is to be ten times their first token.
class Items final : public tasks::ItemSet {
 public:
  explicit Items(const std::vector<std::size_t>& lengths, std::int32_t first_token = 1) {
    for (const std::size_t length : lengths) {
      items_.push_back({.sequences = {{.token_ids = std::vector<std::int32_t>(length, first_token++)}},
                        .positions = {},
                        .labels = {},
                        .values = {}});
    }
    scores.resize(lengths.size());
  }
  std::size_t num_items() const override { return items_.size(); }
  const model::Item& item(std::size_t index) const override { return items_[index]; }
  void take_scores(std::size_t index, std::span<const float> given) override { scores[index] = given.front(); }

  std::vector<float> scores;

 private:
  std::vector<model::Item> items_;
};

float score_of(const model::Item& item) {
  return 10 * static_cast<float>(item.sequences.front().token_ids.front());
}

/// A model that computes when it is let, and notes the lengths of the items of each batch.
class Model {
 public:
  Batcher::Score score() {
    return [this](std::span<const model::Item* const> items, const Batcher::Take& take) {
      {
        std::unique_lock lock(mutex_);
        ++num_begun_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return num_allowed_ > 0; });
        --num_allowed_;
        auto& lengths = batches.emplace_back();
        for (const model::Item* item : items) lengths.push_back(item->num_tokens());
      }
      if (fails && fails(items)) throw std::runtime_error("no memory");
      for (std::size_t i = 0; i < items.size(); ++i) {
        const float value = score_of(*items[i]);
        take(i, {&value, 1});
      }
    };
  }
  void allow(int count) {
    const std::scoped_lock lock(mutex_);
    num_allowed_ += count;
    changed_.notify_all();
  }
  void wait_until_begun(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return num_begun_ >= count; });
  }

  std::vector<std::vector<std::int64_t>> batches;
  std::function<bool(std::span<const model::Item* const>)> fails;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int num_begun_ = 0;
  int num_allowed_ = 0;
};

std::future<BatchReport> submit(Batcher& batcher, std::shared_ptr<Items> items,
                                Clock::time_point deadline = Clock::time_point::max(),
                                std::shared_ptr<const std::atomic<bool>> is_abandoned = nullptr) {
  auto promise = std::make_shared<std::promise<BatchReport>>();
  auto report = promise->get_future();
  batcher.submit({.items = std::move(items),
                  .deadline = deadline,
                  .is_abandoned = std::move(is_abandoned),
                  .done = [promise](BatchReport done) { promise->set_value(std::move(done)); }});
  return report;
}

TEST(Batcher, PutsTogetherWhatComesWhileTheModelComputes) {
  Model model;
  ComputePool pool({});
  Batcher batcher(pool, {.max_tokens = 100}, model.score());
  const auto first = std::make_shared<Items>(std::vector<std::size_t>{5});
  auto begun = submit(batcher, first);
  model.wait_until_begun(1);
  const auto second = std::make_shared<Items>(std::vector<std::size_t>{6, 7}, 2),
             third = std::make_shared<Items>(std::vector<std::size_t>{8}, 4);
  auto report = submit(batcher, second), other = submit(batcher, third);
  EXPECT_EQ(batcher.num_waiting(), 2u);
  model.allow(2);
  EXPECT_EQ(begun.get().outcome, Outcome::kScored);
  EXPECT_EQ(report.get().outcome, Outcome::kScored);
  EXPECT_EQ(other.get().outcome, Outcome::kScored);
  EXPECT_THAT(model.batches, ElementsAre(ElementsAre(5), ElementsAre(6, 7, 8)));
  EXPECT_THAT(second->scores, ElementsAre(20, 30));
  EXPECT_THAT(third->scores, ElementsAre(40));
}

TEST(Batcher, ALongRequestDoesNotHoldUpAShortOne) {
  Model model;
  ComputePool pool({});
  Batcher batcher(pool, {.max_tokens = 40}, model.score());
  auto begun = submit(batcher, std::make_shared<Items>(std::vector<std::size_t>{1}));
  model.wait_until_begun(1);
  auto many = submit(batcher, std::make_shared<Items>(std::vector<std::size_t>(8, 10)));
  auto few = submit(batcher, std::make_shared<Items>(std::vector<std::size_t>{20}));
  model.allow(2);
  EXPECT_EQ(begun.get().outcome, Outcome::kScored);
  EXPECT_EQ(few.get().outcome, Outcome::kScored);
  EXPECT_EQ(many.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  model.allow(10);
  EXPECT_EQ(many.get().outcome, Outcome::kScored);
  EXPECT_THAT(model.batches,
              ElementsAre(ElementsAre(1), ElementsAre(10, 10, 20), ElementsAre(10, 10, 10, 10), ElementsAre(10, 10)));
}

TEST(Batcher, AnItemThatIsLongerThanABatchGoesAlone) {
  Model model;
  model.allow(10);
  ComputePool pool({});
  Batcher batcher(pool, {.max_tokens = 10}, model.score());
  EXPECT_EQ(submit(batcher, std::make_shared<Items>(std::vector<std::size_t>{30, 2, 3})).get().outcome,
            Outcome::kScored);
  EXPECT_THAT(model.batches, ElementsAre(ElementsAre(30), ElementsAre(2, 3)));
}

TEST(Batcher, WhatNobodyWaitsForIsNotComputed) {
  Model model;
  ComputePool pool({});
  Batcher batcher(pool, {}, model.score());
  auto begun = submit(batcher, std::make_shared<Items>(std::vector<std::size_t>{1}));
  model.wait_until_begun(1);
  const auto is_abandoned = std::make_shared<std::atomic<bool>>(false);
  auto abandoned =
      submit(batcher, std::make_shared<Items>(std::vector<std::size_t>{2}), Clock::time_point::max(), is_abandoned);
  auto late = submit(batcher, std::make_shared<Items>(std::vector<std::size_t>{3}), Clock::now());
  *is_abandoned = true;
  model.allow(1);
  EXPECT_EQ(begun.get().outcome, Outcome::kScored);
  EXPECT_EQ(abandoned.get().outcome, Outcome::kAbandoned);
  EXPECT_EQ(late.get().outcome, Outcome::kLate);
  EXPECT_THAT(model.batches, ElementsAre(ElementsAre(1)));
}

TEST(Batcher, AFailureIsThatOfOneRequest) {
  Model model;
  model.fails = [](std::span<const model::Item* const> items) {
    return std::ranges::any_of(items, [](const model::Item* item) { return item->num_tokens() == 13; });
  };
  ComputePool pool({});
  Batcher batcher(pool, {}, model.score());
  auto begun = submit(batcher, std::make_shared<Items>(std::vector<std::size_t>{1}));
  model.wait_until_begun(1);
  const auto good = std::make_shared<Items>(std::vector<std::size_t>{4, 5});
  auto bad = submit(batcher, std::make_shared<Items>(std::vector<std::size_t>{13, 2})), fine = submit(batcher, good);
  model.allow(10);
  EXPECT_EQ(begun.get().outcome, Outcome::kScored);
  const BatchReport report = bad.get();
  EXPECT_EQ(report.outcome, Outcome::kFailed);
  EXPECT_THROW(std::rethrow_exception(report.failure), std::runtime_error);
  EXPECT_EQ(fine.get().outcome, Outcome::kScored);
  EXPECT_THAT(good->scores, ElementsAre(10, 20));
}

TEST(Batcher, WaitsForMoreAsLongAsItIsTold) {
  Model model;
  model.allow(10);
  ComputePool pool({});
  Batcher batcher(pool, {.max_tokens = 8, .max_wait = std::chrono::seconds(30)}, model.score());
  auto first = submit(batcher, std::make_shared<Items>(std::vector<std::size_t>{4}));
  EXPECT_EQ(first.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
  auto second = submit(batcher, std::make_shared<Items>(std::vector<std::size_t>{4}));
  EXPECT_EQ(first.get().outcome, Outcome::kScored);
  EXPECT_EQ(second.get().outcome, Outcome::kScored);
  EXPECT_THAT(model.batches, ElementsAre(ElementsAre(4, 4)));
}

TEST(Batcher, AStopLeavesNoRequestWithoutAnOutcome) {
  Model model;
  ComputePool pool({});
  auto batcher = std::make_unique<Batcher>(pool, BatchOptions{.max_tokens = 1}, model.score());
  auto begun = submit(*batcher, std::make_shared<Items>(std::vector<std::size_t>{1}));
  model.wait_until_begun(1);
  auto second = submit(*batcher, std::make_shared<Items>(std::vector<std::size_t>{2}));
  auto last = submit(*batcher, std::make_shared<Items>(std::vector<std::size_t>{3}));
  std::thread stopping([&] { batcher->stop(); });
  model.allow(3);  // how many are computed before the stop is open
  stopping.join();
  EXPECT_EQ(begun.get().outcome, Outcome::kScored);
  for (auto* waiting : {&second, &last}) {
    EXPECT_THAT(waiting->get().outcome, ::testing::AnyOf(Outcome::kScored, Outcome::kAbandoned));
  }
  EXPECT_EQ(submit(*batcher, std::make_shared<Items>(std::vector<std::size_t>{3})).get().outcome, Outcome::kAbandoned);
}

TEST(Batcher, ThreadsShareWhatWaits) {
  Model model;
  ComputePool pool({.num_threads = 2});
  Batcher batcher(pool, {}, model.score());
  auto first = submit(batcher, std::make_shared<Items>(std::vector<std::size_t>{10}));
  model.wait_until_begun(1);  // it has both threads
  std::vector<std::future<BatchReport>> reports;
  for (int i = 0; i < 5; ++i) reports.push_back(submit(batcher, std::make_shared<Items>(std::vector<std::size_t>{10})));
  model.allow(1);
  EXPECT_EQ(first.get().outcome, Outcome::kScored);
  model.wait_until_begun(3);  // each thread has its own batch
  model.allow(2);
  for (auto& report : reports) EXPECT_EQ(report.get().outcome, Outcome::kScored);
  EXPECT_THAT(model.batches,
              ::testing::UnorderedElementsAre(ElementsAre(10), ElementsAre(10, 10, 10), ElementsAre(10, 10)));
}

TEST(Batcher, ARequestIsDoneWithItsLastBatchOnWhicheverThread) {
  Model model;
  ComputePool pool({.num_threads = 2});
  Batcher batcher(pool, {}, model.score());
  const auto items = std::make_shared<Items>(std::vector<std::size_t>{10, 10});
  auto report = submit(batcher, items);
  model.wait_until_begun(2);
  model.allow(1);
  EXPECT_EQ(report.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
  model.allow(1);
  EXPECT_EQ(report.get().outcome, Outcome::kScored);
  EXPECT_THAT(items->scores, ElementsAre(10, 20));
}

TEST(Batcher, ManyClientsGetTheirOwnScores) {
  Model model;
  model.allow(100'000);
  ComputePool pool({.num_threads = 3});
  Batcher batcher(pool, {.max_tokens = 64}, model.score());
  std::vector<std::thread> clients;
  std::vector<int> faults(8);
  for (std::size_t c = 0; c < faults.size(); ++c) {
    clients.emplace_back([&batcher, &fault = faults[c], c] {
      for (int n = 0; n < 200; ++n) {
        const auto token = static_cast<std::int32_t>(c * 1000 + static_cast<std::size_t>(n));
        const auto items = std::make_shared<Items>(std::vector<std::size_t>{1 + c, 30}, token);
        const bool is_scored = submit(batcher, items).get().outcome == Outcome::kScored;
        const auto expected = 10 * static_cast<float>(token);
        if (!is_scored || items->scores[0] != expected || items->scores[1] != expected + 10) ++fault;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_THAT(faults, Each(0));
}

}  // namespace
}  // namespace albert::serve
