#include <nlohmann/json.hpp>

#include "base/json.h"
#include "base/shown.h"
#include "inference/text_index.h"
#include "serve/routes/inputs.h"

namespace albert::serve {

using nlohmann::json;

namespace {

/// The model that made an index, by the name of either; without names the first that has one.
std::shared_ptr<const ServedModel> choose_searcher(const Asked& asked, const Body& body, const std::string& index) {
  const auto has_index = [&](const ServedModel& model) {
    return index.empty() ? !model.indexes.empty() : model.indexes.contains(index);
  };
  const auto named = named_model(asked, body);
  auto model = named ? named : asked.models.first(has_index);
  if (model && has_index(*model)) return model;
  const std::string maker = named ? fmt::format("the model '{}'", named->facts.name) : "a model that is served";
  if (index.empty()) throw RequestError(424, ErrorType::kBackend, "there is no index of {}; see --index", maker);
  throw RequestError(404, ErrorType::kNotFound, "there is no index '{}' of {}; /info names them", shortened(index),
                     maker);
}

}  // namespace

Plan plan_search(const Asked& asked, const Body& body) {
  const Texts inputs = texts_at(body.need("inputs"), "inputs", asked.limits);
  const std::int64_t top_k = body.whole_number("top_k", 1, 1000, 5);
  const std::string name = body.optional_text("index");
  const auto model = choose_searcher(asked, body, name);
  const inference::TextIndex* index =
      name.empty() ? model->indexes.begin()->second.get() : model->indexes.find(name)->second.get();
  const std::vector<Input> texts(inputs.texts.begin(), inputs.texts.end());
  Plan plan = plan_vectors(model, Ability::kEmbed, texts, places_in("inputs", inputs.is_list), body, asked.limits);
  plan.is_batch = inputs.is_list;
  plan.is_long = true;
  plan.respond = [model, index, items = plan.items, queries = inputs.texts, top_k, is_list = inputs.is_list] {
    const auto& window = vectors_of(*items);
    const auto nearest = index->vectors().search(window.vectors(), top_k);
    std::vector<std::string> found;
    for (std::size_t i = 0; i < nearest.size(); ++i) {
      found.push_back(
          dump_json(nlohmann::ordered_json{{"query", queries[i]}, {"results", index->to_json(nearest[i])}}));
    }
    return is_list ? json_list(found) : found.front();
  };
  return plan;
}

}  // namespace albert::serve
