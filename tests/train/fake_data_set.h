#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tasks/task.h"

namespace albert::train::testing {

/// Sequences of different lengths whose class is whether their third token is even.
inline std::vector<model::Item> make_items(std::size_t count) {
  std::vector<model::Item> items;
  for (std::size_t i = 0; i < count; ++i) {
    model::Item item;
    item.sequences.resize(1);
    std::vector<std::int32_t>& tokens = item.sequences[0].token_ids;
    tokens = {2, static_cast<std::int32_t>(5 + i % 20)};
    for (std::size_t k = 0; k < i % 7; ++k) tokens.push_back(static_cast<std::int32_t>(10 + (i * 13 + k * 5) % 80));
    tokens.push_back(3);
    item.sequences[0].first_length = static_cast<std::int32_t>(tokens.size());
    item.labels = {tokens[1] % 2};
    items.push_back(std::move(item));
  }
  return items;
}

/// Items with the scores that they were given.
class FakeDataSet : public tasks::DataSet {
 public:
  explicit FakeDataSet(std::vector<model::Item> items) : items_(std::move(items)), scores_(items_.size()) {}

  std::size_t num_items() const override { return items_.size(); }
  const model::Item& item(std::size_t index) const override { return items_[index]; }
  void take_scores(std::size_t index, std::span<const float> scores) override {
    scores_[index].assign(scores.begin(), scores.end());
  }
  std::size_t num_examples() const override { return items_.size(); }
  bool is_labelled() const override { return true; }
  std::string describe() const override { return "items of a test"; }
  tasks::Judgement judge() const override {
    double right = 0;
    for (std::size_t i = 0; i < items_.size(); ++i)
      right += (scores_[i][1] > scores_[i][0]) == (items_[i].labels[0] == 1);
    return {{{"accuracy", right / static_cast<double>(items_.size())}}, "", ""};
  }
  std::optional<tasks::GuessedFigure> best_guess() const override { return std::nullopt; }
  std::optional<tasks::TaskDefinition> fitted() const override { return std::nullopt; }
  tasks::Judgement judge(const tasks::TaskDefinition&) const override { return judge(); }
  std::vector<std::filesystem::path> prediction_files(const std::filesystem::path&) const override { return {}; }
  metrics::Calibration calibration(const tasks::TaskDefinition&) const override { return {}; }
  tasks::Findings findings() const override { return {}; }
  void write_predictions(const std::filesystem::path&) const override {}

  const std::vector<std::vector<float>>& scores() const { return scores_; }

 private:
  std::vector<model::Item> items_;
  std::vector<std::vector<float>> scores_;
};

/// A task of two classes, judged by accuracy.
class FakeTask : public tasks::Task {
 public:
  FakeTask() : Task({.labels = {"odd", "even"}}) {}

  model::HeadConfig head() const override { return {}; }
  std::vector<std::string> figures() const override { return {"accuracy"}; }
  metrics::Report score(const tasks::ScoreFiles&) override { return {}; }
  std::unique_ptr<tasks::RecordWindow> open_window(tasks::RecordFormat, std::string_view, std::string&) const override {
    return nullptr;
  }

 private:
  std::unique_ptr<tasks::DataSet> load(std::span<const tasks::Source>) const override {
    return std::make_unique<FakeDataSet>(make_items(10));
  }
  std::vector<std::filesystem::path> files_in(const std::filesystem::path&, tasks::Part) const override { return {}; }
  std::string expected_files(tasks::Part) const override { return {}; }
};

}  // namespace albert::train::testing
