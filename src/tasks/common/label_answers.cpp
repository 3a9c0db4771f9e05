#include "tasks/common/label_answers.h"

#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "tasks/common/class_scores.h"
#include "tasks/common/float_digits.h"
#include "tasks/common/tab_columns.h"

namespace albert::tasks {

LabelAnswers::LabelAnswers(TextOutput output, std::vector<std::string> labels, LabelRule rule, std::string separator)
    : output_(output), labels_(std::move(labels)), rule_(std::move(rule)), separator_(std::move(separator)) {}

LabelAnswer LabelAnswers::from_scores(std::span<const float> scores) const {
  switch (output_) {
    case TextOutput::kRegression:
      return {.value = float_digits(scores[0])};
    case TextOutput::kClassification:
      return choose_class(scores);
    case TextOutput::kMultilabel:
      break;
  }
  LabelAnswer answer;
  for (std::size_t c = 0; c < scores.size(); ++c) {
    answer.probabilities.push_back(logistic(scores[c], rule_.temperature));
    const double threshold = rule_.thresholds.size() > 1 ? rule_.thresholds.at(c) : rule_.thresholds.front();
    if (answer.probabilities[c] >= threshold) answer.classes.push_back(c);
  }
  return answer;
}

LabelAnswer LabelAnswers::choose_class(std::span<const float> scores) const {
  LabelAnswer answer{.probabilities = softmax(scores, rule_.temperature)};
  const bool is_second = scores.size() == 2 && answer.probabilities[1] > rule_.thresholds.front();
  answer.classes = {scores.size() == 2 ? std::size_t{is_second} : index_of_best(scores)};
  return answer;
}

std::string LabelAnswers::prediction(const LabelAnswer& answer) const {
  if (output_ == TextOutput::kRegression) return fmt::format("{}", answer.value);
  std::string text;
  for (const std::size_t c : answer.classes) {
    if (c != answer.classes.front()) text += separator_;
    text += labels_[c];
  }
  return text;
}

std::vector<std::string> LabelAnswers::column_names(TableDialect dialect) const {
  std::vector<std::string> names = {kPredictionColumn};
  if (output_ == TextOutput::kRegression) return names;
  for (const std::string& label : labels_) {
    names.push_back(write_field(fmt::format("{}{}", kProbabilityColumn, label), dialect));
  }
  return names;
}

std::string LabelAnswers::columns(const LabelAnswer& answer, TableDialect dialect) const {
  std::string text = write_field(prediction(answer), dialect);
  for (const double probability : answer.probabilities) {
    text += fmt::format("{}{}", dialect.separator, probability);
  }
  return text;
}

std::vector<std::string> LabelAnswers::member_names() const {
  if (output_ == TextOutput::kRegression) return {kPredictionColumn};
  return {kPredictionColumn, std::string(kProbabilitiesMember)};
}

nlohmann::ordered_json LabelAnswers::json_members(const LabelAnswer& answer) const {
  if (output_ == TextOutput::kRegression) return {{kPredictionColumn, answer.value}};
  nlohmann::ordered_json prediction = nlohmann::ordered_json::array();
  for (const std::size_t c : answer.classes) prediction.push_back(labels_[c]);
  nlohmann::ordered_json probabilities = nlohmann::ordered_json::object();
  for (std::size_t c = 0; c < labels_.size(); ++c) {
    probabilities[labels_[c]] = answer.probabilities[c];
  }
  const bool is_list = output_ == TextOutput::kMultilabel;
  return {{kPredictionColumn, is_list ? prediction : prediction[0]},
          {std::string(kProbabilitiesMember), probabilities}};
}

std::string LabelAnswers::line(const LabelAnswer& answer) const {
  std::string text = write_field(prediction(answer), TableDialect());
  for (const std::size_t c : answer.classes) {
    text += fmt::format("{}{:.6f}", c == answer.classes.front() ? '\t' : ',', answer.probabilities[c]);
  }
  return text;
}

}  // namespace albert::tasks
