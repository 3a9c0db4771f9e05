#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tasks/common/table.h"

/// Answers that are labels or a number, of whatever a record is: one form for every kind that has them.
namespace albert::tasks {

/// What is said of a text.
enum class TextOutput { kClassification, kRegression, kMultilabel };

/// What names the columns and members of probabilities in one's own files.
inline constexpr std::string_view kProbabilityColumn = "probability_";  ///< the label behind it
inline constexpr std::string_view kProbabilitiesMember = "probabilities";

struct LabelAnswer {
  std::vector<std::size_t> classes = {};  ///< one, or of kMultilabel any number, ascending; of a number none
  std::vector<double> probabilities =
      {};            ///< [C], in the digits of floats; of a number, and where a file has none, empty
  double value = 0;  ///< the number, as it is written: see float_digits()
};

/// How scores become probabilities, and these decisions.
struct LabelRule {
  double temperature = 1;  ///< what scores are divided by
  /// Of two classes, the probability above which the second one is chosen; of kMultilabel from which on a text has a
  /// label: one for all, or one for each.
  std::vector<double> thresholds = {0.5};
};

/// Reads answers out of scores, and writes them in the forms that predictions have.
class LabelAnswers {
 public:
  /// \param labels by class; empty of kRegression
  /// \param separator of kMultilabel: what stands between the labels of a prediction in a table
  LabelAnswers(TextOutput output, std::vector<std::string> labels, LabelRule rule = {}, std::string separator = ",");

  const std::vector<std::string>& labels() const { return labels_; }

  /// \param scores as model::HeadKind has them: [C] for softmax over classes, or the logistic function of each; [1] a
  ///     number
  LabelAnswer from_scores(std::span<const float> scores) const;
  /// The label, the labels with the separator between them, or the number.
  std::string prediction(const LabelAnswer& answer) const;

  /// The names of the columns that are added to a table: "prediction", "probability_LABEL" ..., as the dialect writes
  /// them.
  std::vector<std::string> column_names(TableDialect dialect) const;
  /// The columns, with the separator between them.
  std::string columns(const LabelAnswer& answer, TableDialect dialect) const;
  /// The names of the members that are added to an object.
  std::vector<std::string> member_names() const;
  /// The members: prediction (a text, a list of texts, or a number) and probabilities by label.
  nlohmann::ordered_json json_members(const LabelAnswer& answer) const;
  /// A line of plain text: what was predicted, a tab, the probability of each label that was.
  std::string line(const LabelAnswer& answer) const;

 private:
  LabelAnswer choose_class(std::span<const float> scores) const;

  TextOutput output_;
  std::vector<std::string> labels_;
  LabelRule rule_;
  std::string separator_;
};

}  // namespace albert::tasks
