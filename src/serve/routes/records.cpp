#include <functional>

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "serve/routes/inputs.h"
#include "serve/routes/scores.h"

namespace albert::serve {

using nlohmann::json;

namespace {

/// Changes the answer to a record before it is sent.
using Finish = std::function<std::string(std::string answer)>;

/// A record as the task's reader of JSON lines takes it: an object; where a text says all, that text.
std::string record_of(const json& input, bool may_be_text, const std::string& place) {
  if (input.is_object()) return dump_json(input);
  if (may_be_text && input.is_string()) return dump_json(json{{"text", text_at(input, place)}});
  throw invalid("{}: expected an object{}, found {}", place, may_be_text ? " or a text" : "", short_json(input));
}

/// `inputs` is a record, or a list of them; the answers are what `albert predict --format jsonl` adds to the record.
Plan plan_records(const Asked& asked, const Body& body, Ability ability, bool may_be_text, Finish finish = {}) {
  const json& inputs = body.need("inputs");
  const bool is_batch = inputs.is_array();
  if (is_batch && inputs.empty()) throw RequestError(400, ErrorType::kEmpty, "inputs: the list is empty");
  const auto model = choose_model(asked, body, ability);
  const std::size_t count = is_batch ? inputs.size() : 1;
  check_batch_size(count, asked.limits);
  const auto window = model->open_records();
  RecordAdder adder(*window, body, asked.limits, model->facts.max_length);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string place = is_batch ? fmt::format("inputs[{}]", i) : "inputs";
    adder.add(record_of(is_batch ? inputs[i] : inputs, may_be_text, place), place);
  }
  const auto respond = [window, count, is_batch, finish = std::move(finish)] {
    std::vector<std::string> answers;
    for (std::size_t i = 0; i < count; ++i) {
      answers.push_back(answer_of(*window, i));
      if (finish) answers.back() = finish(std::move(answers.back()));
    }
    return is_batch ? json_list(answers) : answers.front();
  };
  return {.model = model,
          .batcher = model->batchers.at(ability).get(),
          .items = window,
          .num_inputs = count,
          .is_batch = is_batch,
          .respond = respond};
}

/// Keeps so many of the likeliest answers of a question.
std::string with_n_best(const std::string& answer, std::int64_t count) {
  auto object = read_ordered_json(answer);
  const auto found = object.find("n_best");
  if (found == object.end()) return answer;
  if (count == 0) {
    object.erase("n_best");
  } else if (std::ssize(*found) > count) {
    found->erase(found->begin() + count, found->end());
  }
  return dump_json(object);
}

}  // namespace

Plan plan_tags(const Asked& asked, const Body& body) {
  return plan_records(asked, body, Ability::kTags, /*may_be_text=*/true);
}

Plan plan_answers(const Asked& asked, const Body& body) {
  const std::int64_t count = body.whole_number("n_best", 0, 1000, 0);
  return plan_records(asked, body, Ability::kAnswer, /*may_be_text=*/false,
                      [count](const std::string& answer) { return with_n_best(answer, count); });
}

Plan plan_choices(const Asked& asked, const Body& body) {
  return plan_records(asked, body, Ability::kChoose, /*may_be_text=*/false);
}

Plan plan_relations(const Asked& asked, const Body& body) {
  return plan_records(asked, body, Ability::kRelation, /*may_be_text=*/false);
}

}  // namespace albert::serve
