#include "tasks/choice/data_set.h"

#include "base/counted.h"
#include "base/error.h"
#include "tasks/common/class_scores.h"
#include "tasks/common/held_out.h"

namespace albert::tasks {

ChoiceDataSet::ChoiceDataSet(std::string name, ChoiceFile file, ChoiceEncoding encoding, std::int64_t max_length,
                             std::size_t num_of_other_part)
    : name_(std::move(name)), is_labelled_(file.is_labelled()) {
  for (ChoiceQuestion& question : file.questions) {
    items_.push_back(encoding.encode(question));
    questions_.push_back({std::move(question.id), std::move(question.group), std::nullopt});
  }
  notes_ = fmt::format("{}; {} truncated to {} tokens", counted(items_.size(), "question"), encoding.num_truncated(),
                       max_length);
  notes_ += describe_share(num_of_other_part);
  if (!file.left_out.empty()) {
    notes_ += fmt::format("; {} left out, whose choices are not in the file, the first with the id {}",
                          file.left_out.size(), file.left_out.front());
  }
}

void ChoiceDataSet::take_scores(std::size_t index, std::span<const float> scores) {
  if (scores.size() != items_[index].sequences.size()) {
    throw InternalError("{} scores of a question of {} with {} choices", scores.size(), name_,
                        items_[index].sequences.size());
  }
  questions_[index].prediction = {questions_[index].id, index_of_best(scores), softmax(scores)};
}

const ChoicePrediction& ChoiceDataSet::prediction(std::size_t index) const {
  if (!questions_[index].prediction) throw InternalError("question {} of {} has no scores", index, name_);
  return *questions_[index].prediction;
}

Judgement ChoiceDataSet::judge() const {
  if (!is_labelled_) throw InternalError("{} has no answers to judge by", name_);
  ChoiceCounts counts;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    counts.add(static_cast<std::int64_t>(prediction(i).choice) == items_[i].labels[0], questions_[i].group);
  }
  return counts.judge();
}

void ChoiceDataSet::write_predictions(const std::filesystem::path& file) const {
  std::vector<ChoicePrediction> predictions;
  for (std::size_t i = 0; i < items_.size(); ++i) predictions.push_back(prediction(i));
  write_choice_predictions(file, predictions);
}

}  // namespace albert::tasks
