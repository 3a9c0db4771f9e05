#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tasks/common/tab_fields.h"
#include "tasks/common/table.h"
#include "tasks/task.h"
#include "tasks/text/config.h"

namespace albert::tasks {

/// Names of the columns, or members, that predictions add to one's own rows.
inline constexpr std::string_view kProbabilityColumn = "probability_";  ///< the label behind it
inline constexpr std::string_view kProbabilitiesMember = "probabilities";

/// What a model says of a text.
struct TextAnswer {
  std::vector<std::size_t> classes;   ///< one, or for multilabel any number, ascending; of regression none
  std::vector<double> probabilities;  ///< [C]; of regression empty
  double value = 0;                   ///< of regression, or the cosine of a pair
};

/// Reads answers out of scores, and writes them in the three forms that predictions have.
class TextAnswers {
 public:
  TextAnswers(const TextConfig& config, std::vector<std::string> labels);
  /// Of pairs of texts as vectors: each answer is the cosine of the two.
  static TextAnswers of_cosines();

  /// \param scores as model::HeadKind has them: [C] for softmax over classes, or the logistic function of each; [1] a
  /// number; of cosines [2, H] vectors of length 1
  TextAnswer from_scores(std::span<const float> scores) const;

  /// The label, the labels with TextConfig::prediction_separator() between them, or the number.
  std::string prediction(const TextAnswer& answer) const;
  /// Names of the columns that are added to a table: "prediction", "probability_LABEL" ...
  std::string header(TableDialect dialect) const;
  /// The columns, with the separator before each but the first.
  std::string columns(const TextAnswer& answer, TableDialect dialect) const;
  /// Members for an object: prediction (a text, a list of texts, or a number) and probabilities by label.
  nlohmann::ordered_json json_members(const TextAnswer& answer) const;
  /// For a line of plain text: what was predicted, a tab, the probability of each label that was.
  std::string line(const TextAnswer& answer) const;
  /// A record of a stream with its answer: kText the line(), kTsv the row and its new columns(), kJsonl the object with
  /// its new members. \param row as it came
  std::string record(RecordFormat format, const std::string& row, const TextAnswer& answer, TableDialect dialect) const;

 private:
  TextAnswers() = default;
  bool are_numbers() const { return of_cosines_ || output_ == TextOutput::kRegression; }

  bool of_cosines_ = false;
  TextOutput output_ = TextOutput::kRegression;
  double threshold_ = 0;
  std::string separator_;  ///< between labels
  std::vector<std::string> labels_;
};

}  // namespace albert::tasks
