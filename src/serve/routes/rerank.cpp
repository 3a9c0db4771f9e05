#include <cmath>

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "serve/routes/inputs.h"
#include "serve/routes/scores.h"
#include "tasks/common/float_digits.h"

namespace albert::serve {

using nlohmann::json;

namespace {

bool judges_pairs(const ServedModel& model) {
  return model.facts.can(Ability::kPredict) && model.facts.has_pairs &&
         (model.facts.output == tasks::TextOutput::kRegression || model.facts.labels.size() == 2);
}

std::shared_ptr<const ServedModel> choose_ranker(const Asked& asked, const Body& body) {
  const auto can_rank = [](const ServedModel& model) {
    return judges_pairs(model) || model.facts.can(Ability::kEmbed);
  };
  auto model = named_model(asked, body);
  if (model && !can_rank(*model)) {
    throw RequestError(
        424, ErrorType::kBackend,
        "the model '{}' cannot rank texts: expected one of pairs with two classes or a number, or one of "
        "vectors",
        model->facts.name);
  }
  if (!model) model = asked.models.first(judges_pairs);
  if (!model) model = asked.models.first(can_rank);
  if (!model) throw RequestError(424, ErrorType::kBackend, "no model is served that can rank texts");
  return model;
}

double logistic(double value) {
  return 1 / (1 + std::exp(-value));
}

/// The texts by their scores, the largest first.
std::string to_json(std::span<const double> scores, std::span<const std::string> texts, bool returns_text) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const std::size_t i : largest_first(scores)) {
    nlohmann::ordered_json rank = {{"index", i}};
    if (returns_text) rank["text"] = texts[i];
    rank["score"] = tasks::float_digits(scores[i]);
    list.push_back(std::move(rank));
  }
  return dump_json(list);
}

/// By the probability of the second of two classes (raw: how much its score is above the other one's), or the number
/// that the model predicts (raw), through the logistic function as Text Embeddings Inference does.
Plan plan_by_pairs(const std::shared_ptr<const ServedModel>& model, const std::string& query,
                   std::vector<std::string> texts, const Asked& asked, const Body& body) {
  const bool raw = body.flag("raw_scores", false);
  const bool returns_text = body.flag("return_text", false);
  const auto records = std::make_shared<ScoredRecords>(model->open_records());
  RecordAdder adder(records->window(), body, asked.limits, model->facts.max_length);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string place = fmt::format("texts[{}]", i);
    adder.add(text_record(*model, query, &texts[i], place), place);
  }
  Plan plan{.model = model,
            .batcher = model->batchers.at(Ability::kPredict).get(),
            .items = records,
            .num_inputs = texts.size()};
  plan.respond = [model, records, texts = std::move(texts), raw, returns_text] {
    std::vector<double> scores;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::vector<double> all = label_scores(*model, *records, i, raw);
      if (all.size() == 1) {
        scores.push_back(raw ? all[0] : logistic(all[0]));
      } else {
        scores.push_back(raw ? all[1] - all[0] : all[1]);
      }
    }
    return to_json(scores, texts, returns_text);
  };
  return plan;
}

/// By the cosines of vectors, which are the same raw or not.
Plan plan_by_vectors(const std::shared_ptr<const ServedModel>& model, const std::string& query,
                     std::vector<std::string> texts, const Asked& asked, const Body& body) {
  body.flag("raw_scores", false);
  const bool returns_text = body.flag("return_text", false);
  std::vector<Input> all = {query};
  all.insert(all.end(), texts.begin(), texts.end());
  Plan plan = plan_vectors(model, Ability::kEmbed, all, places_behind("query", "texts"), body, asked.limits);
  plan.respond = [items = plan.items, texts = std::move(texts), returns_text] {
    const std::vector<float> cosines = cosines_with_first(*items);
    return to_json(std::vector<double>(cosines.begin(), cosines.end()), texts, returns_text);
  };
  return plan;
}

}  // namespace

Plan plan_rerank(const Asked& asked, const Body& body) {
  const std::string& query = text_at(body.need("query"), "query");
  Texts texts = texts_at(body.need("texts"), "texts", asked.limits);
  if (!texts.is_list) throw invalid("texts: expected a list of texts");
  auto model = choose_ranker(asked, body);
  Plan plan = judges_pairs(*model) ? plan_by_pairs(model, query, std::move(texts.texts), asked, body)
                                   : plan_by_vectors(model, query, std::move(texts.texts), asked, body);
  plan.is_batch = true;
  return plan;
}

}  // namespace albert::serve
