#include "serve/routes/inputs.h"

namespace albert::serve {

Plan plan_by_model(const Asked& asked, const Body& body) {
  auto model = named_model(asked, body);
  if (!model) model = asked.models.all().front();
  const bool is_ranking = body.has("/query") && body.has("/texts");
  const Asked of_model{.models = asked.models, .limits = asked.limits, .model_name = model->facts.name};
  if (is_ranking) return plan_rerank(of_model, body);
  switch (model->facts.abilities.front()) {
    case Ability::kPredict:
      return plan_predict(of_model, body);
    case Ability::kTags:
      return plan_tags(of_model, body);
    case Ability::kAnswer:
      return plan_answers(of_model, body);
    case Ability::kChoose:
      return plan_choices(of_model, body);
    case Ability::kRelation:
      return plan_relations(of_model, body);
    case Ability::kEmbed:
      return body.has("/inputs/source_sentence") ? plan_similarity(of_model, body) : plan_embed(of_model, body);
    case Ability::kEmbedAll:
      return plan_embed_all(of_model, body);
    case Ability::kEmbedSparse:
      return plan_embed_sparse(of_model, body);
    case Ability::kFillMask:
      return plan_fill_mask(of_model, body);
  }
  return plan_embed(of_model, body);
}

}  // namespace albert::serve
