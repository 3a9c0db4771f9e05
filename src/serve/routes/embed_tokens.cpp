#include <nlohmann/json.hpp>

#include "base/json_numbers.h"
#include "serve/routes/inputs.h"

namespace albert::serve {

using nlohmann::json;

namespace {

Plan plan_of(const Asked& asked, const Body& body, Ability form) {
  const json& given = body.need("inputs");
  const auto model = choose_model(asked, body, form);
  const Inputs inputs = inputs_at(given, "inputs", asked.limits, *model->tokenizer);
  Plan plan = plan_vectors(model, form, inputs.inputs, places_in("inputs", inputs.is_list), body, asked.limits);
  plan.is_batch = inputs.is_list;
  return plan;
}

/// The pieces that have a weight: [{"index":7592,"value":1.25}], by their ids.
void append_weights(std::span<const float> weights, std::string& out) {
  out += '[';
  for (std::size_t id = 0; id < weights.size(); ++id) {
    if (weights[id] == 0) continue;
    if (out.back() != '[') out += ',';
    out += R"({"index":)" + std::to_string(id) + R"(,"value":)";
    append_json(weights[id], out);
    out += '}';
  }
  out += ']';
}

}  // namespace

Plan plan_embed_all(const Asked& asked, const Body& body) {
  Plan plan = plan_of(asked, body, Ability::kEmbedAll);
  plan.respond = [items = plan.items, size = static_cast<std::size_t>(plan.model->facts.vector_size)] {
    const auto& window = vectors_of(*items);
    std::string out;
    append_list(window.num_records(), out, [&](std::size_t i) {
      const std::span<const float> states = window.vector(i);  // [L, H]
      append_list(states.size() / size, out,
                  [&](std::size_t token) { append_json(states.subspan(token * size, size), out); });
    });
    return out;
  };
  return plan;
}

Plan plan_embed_sparse(const Asked& asked, const Body& body) {
  Plan plan = plan_of(asked, body, Ability::kEmbedSparse);
  plan.respond = [items = plan.items] {
    const auto& window = vectors_of(*items);
    std::string out;
    append_list(window.num_records(), out, [&](std::size_t i) { append_weights(window.vector(i), out); });
    return out;
  };
  return plan;
}

}  // namespace albert::serve
