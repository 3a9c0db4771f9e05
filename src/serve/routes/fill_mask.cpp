#include <nlohmann/json.hpp>

#include "base/json.h"
#include "inference/masked_window.h"
#include "serve/routes/inputs.h"

namespace albert::serve {

using nlohmann::json;

namespace {

/// A text with a mask is not cut.
void check_length(std::size_t num_tokens, std::int64_t num_positions, std::string_view place) {
  if (static_cast<std::int64_t>(num_tokens) <= num_positions) return;
  throw RequestError(413, ErrorType::kValidation,
                     "{}: the text has {} tokens with [CLS] and [SEP], but the model has {} positions; shorten it",
                     place, num_tokens, num_positions);
}

}  // namespace

Plan plan_fill_mask(const Asked& asked, const Body& body) {
  const Texts inputs = texts_at(body.need("inputs"), "inputs", asked.limits);
  const std::int64_t top_k = body.whole_number("top_k", 1, 1000, 5);
  const auto model = choose_model(asked, body, Ability::kFillMask);
  const auto window = std::make_shared<inference::MaskedWindow>(*model->tokenizer, top_k);
  const PlaceOf place_of = places_in("inputs", inputs.is_list);
  for (std::size_t i = 0; i < inputs.texts.size(); ++i) {
    inference::MaskedText masked = inference::encode_masked(*model->tokenizer, inputs.texts[i], place_of(i));
    check_length(masked.ids.size(), model->facts.num_positions, place_of(i));
    window->add(std::move(masked));
  }
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
