#include <nlohmann/json.hpp>

#include "base/json.h"
#include "serve/routes/inputs.h"
#include "serve/routes/scores.h"

namespace albert::serve {

using nlohmann::json;

namespace {

/// Label and score of one text, as Text Embeddings Inference writes them: the largest first.
std::string to_json(const ServedModel& model, std::span<const double> scores) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const std::size_t i : largest_first(scores)) {
    list.push_back({{"score", scores[i]}, {"label", model.facts.labels.empty() ? "LABEL_0" : model.facts.labels[i]}});
  }
  return dump_json(list);
}

/// One input: a text, a list of one text or of two, or an object.
std::string record_of(const ServedModel& model, const json& input, const std::string& place) {
  if (input.is_object()) return dump_json(input);
  if (!input.is_array()) return text_record(model, text_at(input, place), nullptr, place);
  if (input.empty() || input.size() > 2) {
    throw invalid("{}: expected one text or two, found a list of {}", place, input.size());
  }
  const std::string& first = text_at(input[0], place + "[0]");
  return text_record(model, first, input.size() == 2 ? &text_at(input[1], place + "[1]") : nullptr, place);
}

}  // namespace

Plan plan_predict(const Asked& asked, const Body& body) {
  const json& inputs = body.need("inputs");
  const bool is_batch = inputs.is_array() && !inputs.empty() && !inputs[0].is_string();
  const auto model = choose_model(asked, body, Ability::kPredict);
  const bool raw = body.flag("raw_scores", false);
  if (is_batch) check_batch_size(inputs.size(), asked.limits);
  const std::size_t count = is_batch ? inputs.size() : 1;

  const auto records = std::make_shared<ScoredRecords>(model->open_records());
  RecordAdder adder(records->window(), body, asked.limits, model->facts.max_length);
  std::vector<bool> are_objects;
  for (std::size_t i = 0; i < count; ++i) {
    const json& input = is_batch ? inputs[i] : inputs;
    const std::string place = is_batch ? fmt::format("inputs[{}]", i) : "inputs";
    if (raw && input.is_object()) {
      throw invalid("raw_scores: objects get the answers of `albert predict`, found one as {}; send its texts", place);
    }
    adder.add(record_of(*model, input, place), place);
    are_objects.push_back(input.is_object());
  }
  const auto respond = [model, records, are_objects, raw, is_batch] {
    std::vector<std::string> answers;
    for (std::size_t i = 0; i < are_objects.size(); ++i) {
      answers.push_back(are_objects[i] ? records->answer(i) : to_json(*model, label_scores(*model, *records, i, raw)));
    }
    return is_batch ? json_list(answers) : answers.front();
  };
  return {.model = model,
          .batcher = model->batchers.at(Ability::kPredict).get(),
          .items = records,
          .num_inputs = count,
          .is_batch = is_batch,
          .respond = respond};
}

}  // namespace albert::serve
