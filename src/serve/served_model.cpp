#include "serve/served_model.h"

#include <algorithm>

namespace albert::serve {

std::string_view route_of(Ability ability) {
  switch (ability) {
    case Ability::kPredict:
      return "predict";
    case Ability::kTags:
      return "tags";
    case Ability::kAnswer:
      return "answer";
    case Ability::kChoose:
      return "choose";
    case Ability::kRelation:
      return "relation";
    case Ability::kEmbed:
      return "embed";
    case Ability::kEmbedAll:
      return "embed_all";
    case Ability::kEmbedSparse:
      return "embed_sparse";
    case Ability::kFillMask:
      return "fill-mask";
  }
  return "";
}

bool ModelFacts::can(Ability ability) const {
  return std::ranges::find(abilities, ability) != abilities.end();
}

std::shared_ptr<inference::VectorWindow> ServedModel::open_vectors(Ability form) const {
  const auto size_of = [form, size = facts.vector_size,
                        num_pieces = tokenizer->vocabulary_size()](std::int64_t num_tokens) -> std::int64_t {
    if (form == Ability::kEmbedSparse) return num_pieces;
    return form == Ability::kEmbedAll ? size * num_tokens : size;
  };
  return std::make_shared<inference::VectorWindow>(inference::VectorFormat::kText, size_of,
                                                   tasks::TextEncoder(*tokenizer, facts.max_length));
}

void ServedModel::stop() const {
  for (const auto& [ability, batcher] : batchers) batcher->stop();
}

std::size_t ServedModel::num_waiting() const {
  std::size_t sum = 0;
  for (const auto& [ability, batcher] : batchers) sum += batcher->num_waiting();
  return sum;
}

}  // namespace albert::serve
