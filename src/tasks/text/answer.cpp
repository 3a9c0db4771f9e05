#include "tasks/text/answer.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "base/error.h"
#include "tasks/common/class_scores.h"
#include "tasks/common/json_object.h"

namespace albert::tasks {

namespace {

/// \param vectors [2, H] of length 1
double cosine(std::span<const float> vectors) {
  const auto second = vectors.subspan(vectors.size() / 2);
  return std::inner_product(second.begin(), second.end(), vectors.begin(), 0.0);
}

}  // namespace

TextAnswers::TextAnswers(const TextConfig& config, std::vector<std::string> labels)
    : output_(config.kind_of_output()),
      threshold_(config.threshold),
      separator_(config.prediction_separator()),
      labels_(std::move(labels)) {}

TextAnswers TextAnswers::of_cosines() {
  TextAnswers answers;
  answers.of_cosines_ = true;
  return answers;
}

TextAnswer TextAnswers::from_scores(std::span<const float> scores) const {
  TextAnswer answer;
  if (of_cosines_) {
    answer.value = cosine(scores);
    return answer;
  }
  switch (output_) {
    case TextOutput::kRegression:
      answer.value = scores[0];
      break;
    case TextOutput::kClassification: {
      answer.probabilities = softmax(scores);
      answer.classes = {index_of_best(scores)};
      break;
    }
    case TextOutput::kMultilabel:
      for (std::size_t c = 0; c < scores.size(); ++c) {
        answer.probabilities.push_back(1 / (1 + std::exp(-static_cast<double>(scores[c]))));
        if (answer.probabilities[c] >= threshold_) answer.classes.push_back(c);
      }
      break;
  }
  return answer;
}

std::string TextAnswers::prediction(const TextAnswer& answer) const {
  if (are_numbers()) return fmt::format("{:.6g}", answer.value);
  std::string text;
  for (const std::size_t c : answer.classes) {
    if (c != answer.classes.front()) text += separator_;
    text += labels_[c];
  }
  return text;
}

std::string TextAnswers::header(TableDialect dialect) const {
  std::string text(kPredictionColumn);
  if (are_numbers()) return text;
  for (const std::string& label : labels_) {
    text += dialect.separator + write_field(fmt::format("{}{}", kProbabilityColumn, label), dialect);
  }
  return text;
}

std::string TextAnswers::columns(const TextAnswer& answer, TableDialect dialect) const {
  std::string text = write_field(prediction(answer), dialect);
  for (const double probability : answer.probabilities) {
    text += fmt::format("{}{:.6f}", dialect.separator, probability);
  }
  return text;
}

nlohmann::ordered_json TextAnswers::json_members(const TextAnswer& answer) const {
  if (are_numbers()) return {{std::string(kPredictionColumn), rounded_probability(answer.value)}};
  nlohmann::ordered_json prediction = nlohmann::ordered_json::array();
  for (const std::size_t c : answer.classes) prediction.push_back(labels_[c]);
  nlohmann::ordered_json probabilities = nlohmann::ordered_json::object();
  for (std::size_t c = 0; c < labels_.size(); ++c)
    probabilities[labels_[c]] = rounded_probability(answer.probabilities[c]);
  const bool is_list = output_ == TextOutput::kMultilabel;
  return {{std::string(kPredictionColumn), is_list ? prediction : prediction[0]},
          {std::string(kProbabilitiesMember), probabilities}};
}

std::string TextAnswers::line(const TextAnswer& answer) const {
  const TableDialect plain;
  std::string text = write_field(prediction(answer), plain);
  for (const std::size_t c : answer.classes) {
    text += fmt::format("{}{:.6f}", c == answer.classes.front() ? '\t' : ',', answer.probabilities[c]);
  }
  return text;
}

std::string TextAnswers::record(RecordFormat format, const std::string& row, const TextAnswer& answer,
                                TableDialect dialect) const {
  switch (format) {
    case RecordFormat::kText:
      return line(answer);
    case RecordFormat::kTsv:
      return row + dialect.separator + columns(answer, dialect);
    case RecordFormat::kJsonl:
      return add_json_members(row, json_members(answer));
  }
  throw InternalError("no format {}", static_cast<int>(format));
}

}  // namespace albert::tasks
