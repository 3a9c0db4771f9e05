#include "tasks/question/squad_predictions.h"

#include <nlohmann/json.hpp>

#include "base/atomic_file.h"

namespace albert::tasks {

namespace {

using nlohmann::ordered_json;

/// One member for each answer, under its id. Appended to a list of members: an ordered_json looks for the name among
/// all others whenever one is set.
template <typename ValueOf>
void write(const std::filesystem::path& file, std::span<const PredictedAnswer> answers, ValueOf value_of) {
  std::string text = "{";
  for (const PredictedAnswer& answer : answers) {
    text += text.size() == 1 ? "\n    " : ",\n    ";
    text += ordered_json(answer.id).dump() + ": " + value_of(answer).dump();
  }
  write_file_atomically(file, text + "\n}\n");
}

ordered_json n_best_of(const PredictedAnswer& answer) {
  ordered_json list = ordered_json::array();
  for (const LikelyAnswer& likely : answer.n_best) {
    list.push_back({{"text", likely.text},
                    {"probability", likely.probability},
                    {"start_logit", likely.start_score},
                    {"end_logit", likely.end_score}});
  }
  return list;
}

}  // namespace

void write_answers(const std::filesystem::path& file, std::span<const PredictedAnswer> answers) {
  write(file, answers, [](const PredictedAnswer& answer) { return ordered_json(answer.text); });
}

void write_n_best(const std::filesystem::path& file, std::span<const PredictedAnswer> answers) {
  write(file, answers, n_best_of);
}

void write_null_odds(const std::filesystem::path& file, std::span<const PredictedAnswer> answers) {
  write(file, answers, [](const PredictedAnswer& answer) { return ordered_json(answer.null_odds); });
}

}  // namespace albert::tasks
