#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tasks/common/label_answers.h"
#include "tasks/relation/encoding.h"
#include "tasks/relation/relations.h"
#include "tasks/task.h"

namespace albert::tasks {

/// The sentences of one file, and the relations that the model finds.
class RelationDataSet : public DataSet {
 public:
  /// \param name of the file, for messages \param num_of_other_part sentences that were left to training or evaluation
  /// Throws DataError for a label that is none of `labels`.
  RelationDataSet(std::string name, RelationFile file, std::vector<std::string> labels, RelationEncoding encoding,
                  std::size_t num_of_other_part);

  std::size_t num_items() const override { return items_.size(); }
  const model::Item& item(std::size_t index) const override { return items_[index]; }
  void take_scores(std::size_t index, std::span<const float> scores) override;

  std::size_t num_examples() const override { return items_.size(); }
  bool is_labelled() const override { return is_labelled_; }
  std::string describe() const override { return notes_; }
  Judgement judge() const override;
  /// The scorer's answer file, or JSON lines with members added.
  void write_predictions(const std::filesystem::path& file) const override;

 private:
  const TextAnswer& answer(std::size_t index) const;

  std::string name_;
  bool is_labelled_;
  std::vector<std::string> labels_;
  TextAnswers answers_;
  std::vector<model::Item> items_;
  std::vector<std::string> ids_;
  std::vector<std::string> rows_;  ///< of JSON lines
  std::vector<TextAnswer> given_;  ///< by item
  std::string notes_;
};

}  // namespace albert::tasks
