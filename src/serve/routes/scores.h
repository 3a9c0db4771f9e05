#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "serve/routes/inputs.h"
#include "tasks/task.h"

namespace albert::serve {

/// The answer to a record of a window: an object in JSON.
std::string answer_of(const tasks::RecordWindow& window, std::size_t record);

/// The places of scores, those of the largest first, of equal ones in their order.
std::vector<std::size_t> largest_first(std::span<const double> scores);

/// A window on records of one item each that keeps what the model says of them as it is.
class ScoredRecords final : public tasks::ItemSet {
 public:
  explicit ScoredRecords(std::shared_ptr<tasks::RecordWindow> window) : window_(std::move(window)) {}

  std::size_t num_items() const override { return window_->num_items(); }
  const model::Item& item(std::size_t index) const override { return window_->item(index); }
  void take_scores(std::size_t index, std::span<const float> scores) override {
    scores_.resize(num_items());
    scores_[index].assign(scores.begin(), scores.end());
    window_->take_scores(index, scores);
  }

  tasks::RecordWindow& window() { return *window_; }
  std::string answer(std::size_t record) const { return answer_of(*window_, record); }
  /// [C] before any softmax
  std::span<const float> raw_scores(std::size_t record) const { return scores_[record]; }

 private:
  std::shared_ptr<tasks::RecordWindow> window_;
  std::vector<std::vector<float>> scores_;
};

/// A text, or two of a pair, as an object for the reader of a task on texts.
/// Throws RequestError, 422, for a pair where the model reads single texts, and the other way round.
std::string text_record(const ServedModel& model, const std::string& first, const std::string* second,
                        std::string_view place);

/// A number for each label of a record, in the order of the labels; of a model that predicts a number that one.
/// \param raw before softmax and logistic function
std::vector<double> label_scores(const ServedModel& model, const ScoredRecords& records, std::size_t record, bool raw);

}  // namespace albert::serve
