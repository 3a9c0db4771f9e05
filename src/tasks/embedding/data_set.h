#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tasks/common/label_answers.h"
#include "tasks/task.h"
#include "tasks/text/encoding.h"
#include "tasks/text/files.h"

namespace albert::tasks {

/// The k of recall@k.
inline constexpr std::array<std::int64_t, 3> kRecallCutoffs = {1, 5, 10};

/// The pairs of one file, ready for the model, and the cosines of its vectors. Pairs with a score or label are judged
/// by the correlation of the cosine with it (with 1 for pairs of the label EmbeddingConfig::similar, else 0), pairs
/// without by where among all second texts the first one finds its partner.
class EmbeddingDataSet : public DataSet {
 public:
  EmbeddingDataSet(const TaskDefinition& definition, const std::filesystem::path& file, TextFiles::Rows rows,
                   RowFormat format, TextEncoding encoding);

  std::size_t num_items() const override { return items_.size(); }
  const model::Item& item(std::size_t index) const override { return items_[index]; }
  void take_scores(std::size_t index, std::span<const float> scores) override;

  std::size_t num_examples() const override { return items_.size(); }
  bool is_labelled() const override { return is_labelled_; }
  std::string describe() const override { return notes_; }
  Judgement judge() const override;
  /// The cosines: in the format of GLUE's submissions, or as a column added to one's own rows.
  void write_predictions(const std::filesystem::path& file) const override;

 private:
  bool seeks_partners() const { return config_.objective == model::EmbeddingObjective::kInBatchNegatives; }
  void check_scored() const;
  Judgement judge_cosines() const;
  Judgement judge_ranks() const;

  EmbeddingConfig config_;
  std::int64_t similar_ = -1;  ///< class of EmbeddingConfig::similar; -1: pairs have scores
  TextAnswers answers_ = TextAnswers::of_cosines();
  RowFormat format_;
  std::string name_;    ///< of the file
  std::string header_;  ///< of the file; empty if it has none
  std::string notes_;
  bool is_labelled_;
  std::vector<model::Item> items_;
  std::vector<std::string> rows_;    ///< for predictions: one's own rows, or GLUE's ids
  std::vector<TextAnswer> cosines_;  ///< [items]
  std::vector<bool> has_scores_;     ///< [items]
  std::vector<float> first_;         ///< [items, H], to find partners only
  std::vector<float> second_;        ///< [items, H]
};

}  // namespace albert::tasks
