#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include "base/error.h"
#include "model/item.h"
#include "tasks/kind.h"

namespace albert::tasks {

/// Records as items for the model, and the answers that its scores give. A record may have any number of items: its
/// answer is there once the last of them has its scores.
template <typename Types>
class AnsweredRecords {
 public:
  using K = Kind<Types>;
  using Record = K::Record;
  using Answer = K::Answer;

  /// \param kind outlives the object
  explicit AnsweredRecords(const K& kind) : kind_(kind), encoder_(kind.make_encoder()) {}

  /// Keeps the scores from now on, for scored_items() and answers_by().
  void keep_scores() { keeps_scores_ = true; }

  /// Adds a record.
  /// \return false, and adds nothing, if it cannot be trained on. Throws DataError.
  bool add(Record& record, Purpose purpose) {
    auto encoded = encoder_.encode(record, purpose);
    if (!encoded) return false;
    for (model::Item& item : encoded->items) {
      items_.push_back(std::move(item));
      record_of_.push_back(static_cast<std::uint32_t>(traces_.size()));
    }
    traces_.push_back(std::move(encoded->trace));
    first_items_.push_back(items_.size());
    if (encoded->items.empty()) {  // a record of which the tokenizer leaves nothing
      make_room();
      settle(size() - 1, {});
    }
    return true;
  }

  std::size_t size() const { return traces_.size(); }
  std::size_t num_items() const { return items_.size(); }
  const model::Item& item(std::size_t index) const { return items_[index]; }
  const K::Encoder& encoder() const { return encoder_; }
  K::Encoder& encoder() { return encoder_; }

  /// Items may get scores again, which changes them: a record is answered anew once all of its items have some again.
  void take_scores(std::size_t index, std::span<const float> scores) {
    make_room();
    const std::size_t record = record_of_[index];
    const std::size_t first = first_items_[record];
    const std::size_t count = first_items_[record + 1] - first;
    Pending& pending = pending_[record];
    pending.scores.resize(count);
    std::vector<float>& taken = pending.scores[index - first];
    if (taken.empty()) ++pending.num_taken;
    taken.assign(scores.begin(), scores.end());
    if (pending.num_taken < count) return;
    settle(record, pending.scores);
    pending = {};
  }

  /// Throws InternalError if the record has no answer yet.
  const Answer& answer(std::size_t record) const {
    if (record < answers_.size() && is_answered_[record]) return answers_[record];
    throw InternalError("record {} of {} has no scores", record, size());
  }
  /// [records], as answer().
  std::span<const Answer> answers() const {
    for (std::size_t i = 0; i < size(); ++i) answer(i);
    return answers_;
  }

  /// Those of all items, where they are kept.
  std::vector<ScoredItem> scored_items() const {
    std::vector<ScoredItem> scored;
    for (std::size_t record = 0; record < scores_.size(); ++record) {
      for (std::size_t i = 0; i < scores_[record].size(); ++i) {
        scored.push_back({&items_[first_items_[record] + i], scores_[record][i]});
      }
    }
    return scored;
  }
  /// The answers that another task makes of the scores; where these are not kept, those that there are. [records]
  std::vector<Answer> answers_by(const K& kind) const {
    if (!keeps_scores_) return {answers().begin(), answers().end()};
    std::vector<Answer> answers;
    for (std::size_t record = 0; record < size(); ++record) {
      answers.push_back(kind.answer(items_of(record), traces_[record], scores_.at(record)));
    }
    return answers;
  }

  void clear() {
    items_.clear();
    record_of_.clear();
    traces_.clear();
    first_items_.assign(1, 0);
    pending_.clear();
    answers_.clear();
    is_answered_.clear();
    scores_.clear();
  }

 private:
  /// The scores of a record until all of them are there.
  struct Pending {
    std::vector<std::vector<float>> scores;
    std::size_t num_taken = 0;
  };

  /// Answers are not there before they are needed: what is only trained on has none.
  void make_room() {
    pending_.resize(size());
    answers_.resize(size());
    is_answered_.resize(size());
    if (keeps_scores_) scores_.resize(size());
  }

  std::span<const model::Item> items_of(std::size_t record) const {
    const std::size_t first = first_items_[record];
    return std::span<const model::Item>(items_).subspan(first, first_items_[record + 1] - first);
  }

  void settle(std::size_t record, RecordScores scores) {
    answers_[record] = kind_.answer(items_of(record), traces_[record], scores);
    is_answered_[record] = true;
    if (keeps_scores_) scores_[record].assign(scores.begin(), scores.end());
  }

  const K& kind_;
  K::Encoder encoder_;
  std::vector<model::Item> items_;
  std::vector<std::uint32_t> record_of_;  ///< [items]
  std::vector<typename K::Trace> traces_;
  std::vector<std::size_t> first_items_ = {0};  ///< [records + 1]
  std::vector<Pending> pending_;
  std::vector<Answer> answers_;
  std::vector<bool> is_answered_;
  bool keeps_scores_ = false;
  std::vector<std::vector<std::vector<float>>> scores_;  ///< [records] of each its items' scores; none if not kept
};

}  // namespace albert::tasks
