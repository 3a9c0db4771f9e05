#include "serve/routes/scores.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "tasks/common/float_digits.h"
#include "tasks/common/tab_columns.h"

namespace albert::serve {

std::string answer_of(const tasks::RecordWindow& window, std::size_t record) {
  std::string out;
  window.write(record, out);
  out.pop_back();  // its line feed
  return out;
}

std::vector<std::size_t> largest_first(std::span<const double> scores) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t i) { return scores[i]; });
  return order;
}

std::string text_record(const ServedModel& model, const std::string& first, const std::string* second,
                        std::string_view place) {
  if (second && !model.facts.has_pairs) {
    throw invalid(R"({}: the model '{}' reads single texts, found two; a batch is a list of lists: [["a"], ["b"]])",
                  place, model.facts.name);
  }
  if (!second && model.facts.has_pairs) {
    throw invalid("{}: the model '{}' reads pairs, found one text; a pair is a list of two texts", place,
                  model.facts.name);
  }
  nlohmann::json record = {{"text", first}};
  if (second) record["second_text"] = *second;
  return dump_json(record);
}

std::vector<double> label_scores(const ServedModel& model, const ScoredRecords& records, std::size_t record, bool raw) {
  std::vector<double> scores;
  if (raw) {
    for (const float score : records.raw_scores(record)) scores.push_back(tasks::float_digits(score));
    return scores;
  }
  const auto answer = read_json(records.answer(record));
  if (model.facts.output == tasks::TextOutput::kRegression) return {answer.at(tasks::kPredictionColumn).get<double>()};
  const auto& probabilities = answer.at(std::string(tasks::kProbabilitiesMember));
  for (const std::string& label : model.facts.labels) scores.push_back(probabilities.at(label).get<double>());
  return scores;
}

}  // namespace albert::serve
