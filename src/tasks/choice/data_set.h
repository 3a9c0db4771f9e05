#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tasks/choice/choices.h"
#include "tasks/choice/encoding.h"
#include "tasks/choice/predictions.h"
#include "tasks/task.h"

namespace albert::tasks {

/// The questions of one file, or of a part of RACE, and the model's choices.
class ChoiceDataSet : public DataSet {
 public:
  /// \param name of what was read, for messages
  ChoiceDataSet(std::string name, ChoiceFile file, ChoiceEncoding encoding, std::int64_t max_length,
                std::size_t num_of_other_part);

  std::size_t num_items() const override { return items_.size(); }
  const model::Item& item(std::size_t index) const override { return items_[index]; }
  void take_scores(std::size_t index, std::span<const float> scores) override;

  std::size_t num_examples() const override { return items_.size(); }
  bool is_labelled() const override { return is_labelled_; }
  std::string describe() const override { return notes_; }
  Judgement judge() const override;
  void write_predictions(const std::filesystem::path& file) const override;

 private:
  struct Question {
    std::string id;
    std::string group;
    std::optional<ChoicePrediction> prediction;
  };

  const ChoicePrediction& prediction(std::size_t index) const;

  std::string name_;
  bool is_labelled_;
  std::vector<Question> questions_;
  std::vector<model::Item> items_;
  std::string notes_;
};

}  // namespace albert::tasks
