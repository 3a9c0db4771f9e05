#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tasks/common/label_answers.h"
#include "tasks/task.h"
#include "tasks/text/encoding.h"
#include "tasks/text/files.h"
#include "tasks/text/labels.h"

namespace albert::tasks {

/// The texts of one file, ready for the model, and its scores of them.
class TextDataSet : public DataSet {
 public:
  /// \param definition and what the others stand for outlive the data set
  TextDataSet(const TaskDefinition& definition, const std::filesystem::path& file, TextFiles::Rows rows,
              TextFormat format, TextEncoding encoding);

  std::size_t num_items() const override { return items_.size(); }
  const model::Item& item(std::size_t index) const override { return items_[index]; }
  void take_scores(std::size_t index, std::span<const float> scores) override;

  std::size_t num_examples() const override { return items_.size(); }
  bool is_labelled() const override { return is_labelled_; }
  std::string describe() const override;
  Judgement judge() const override;
  /// GLUE's submission format, or the file with columns added.
  void write_predictions(const std::filesystem::path& file) const override;

 private:
  TextAnswer answer(std::size_t index) const;
  void write_glue(const std::filesystem::path& file) const;

  TextConfig config_;
  std::vector<std::string> labels_;
  TextAnswers answers_;
  TextFormat format_;
  std::string name_;    ///< of the file
  std::string header_;  ///< of the file; empty if it has none
  std::string notes_;   ///< what describe() says
  bool is_labelled_;
  std::vector<model::Item> items_;
  std::vector<std::string> rows_;  ///< for predictions: one's own rows, or GLUE's ids
  std::size_t num_scores_;         ///< of each item
  std::vector<float> scores_;      ///< [items, num_scores_]
  std::vector<bool> has_scores_;   ///< [items]
};

}  // namespace albert::tasks
