#include <nlohmann/json.hpp>

#include "base/json.h"
#include "inference/masked_window.h"
#include "serve/routes/inputs.h"

namespace albert::serve {

using nlohmann::json;

Plan plan_fill_mask(const Asked& asked, const Body& body) {
  const Texts inputs = texts_at(body.need("inputs"), "inputs", asked.limits);
  const std::int64_t top_k = body.whole_number("top_k", 1, 1000, 5);
  const auto model = choose_model(asked, body, Ability::kFillMask);
  const auto window = std::make_shared<inference::MaskedWindow>(*model->tokenizer, model->facts.num_positions, top_k);
  for (const std::string& text : inputs.texts) window->add(text);
  const auto respond = [window, is_list = inputs.is_list] {
    std::vector<std::string> answers;
    for (std::size_t i = 0; i < window->num_items(); ++i)
      answers.push_back(dump_json(inference::to_json(window->masks(i))));
    return is_list ? json_list(answers) : answers.front();
  };
  return {.model = model,
          .batcher = model->batchers.at(Ability::kFillMask).get(),
          .items = window,
          .num_inputs = inputs.texts.size(),
          .is_batch = inputs.is_list,
          .respond = respond};
}

}  // namespace albert::serve
