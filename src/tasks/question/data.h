#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tasks/question/questions.h"
#include "tasks/question/set.h"
#include "tasks/task.h"

namespace albert::tasks {
struct PredictedAnswer;
}

namespace albert::tasks {

/// The questions of one file in memory.
class QuestionData final : public DataSet {
 public:
  /// Throws DataError if the file has questions without an answer where the task has none, or, as a training file,
  /// questions that are not labelled.
  QuestionData(Questions questions, const Source& source, const TaskConfig& config,
               std::shared_ptr<const text::Tokenizer> tokenizer, std::size_t num_of_other_part);

  std::size_t num_items() const override { return set_.num_items(); }
  const model::Item& item(std::size_t index) const override { return set_.item(index); }
  void take_scores(std::size_t index, std::span<const float> scores) override { set_.take_scores(index, scores); }

  std::size_t num_examples() const override { return questions_.size(); }
  bool is_labelled() const override { return is_labelled_; }
  std::string describe() const override;
  Judgement judge() const override;
  /// Beside the answers there will be FILE's stem with .n_best.json, and with .null_odds.json for a task where
  /// questions may have no answer.
  void write_predictions(const std::filesystem::path& file) const override;

 private:
  void check_labels(const Source& source) const;
  bool add_to_set(const Question& question, std::size_t context, Part part);
  PredictedAnswer predicted(std::size_t question) const;

  QuestionConfig config_;
  std::int64_t max_length_;
  bool is_labelled_;
  std::int64_t num_misplaced_;
  std::size_t num_of_other_part_;
  std::int64_t num_left_out_ = 0;  ///< training questions without an answer to train on, though there is one
  std::vector<Question> questions_;
  QuestionSet set_;
};

}  // namespace albert::tasks
