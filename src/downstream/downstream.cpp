#include "downstream/downstream.h"

#include "base/error.h"
#include "downstream/choice/task.h"
#include "downstream/embedding/task.h"
#include "downstream/question/task.h"
#include "downstream/relation/task.h"
#include "downstream/text/task.h"
#include "downstream/token/task.h"

namespace albert::downstream {

std::unique_ptr<Downstream> make_downstream(TaskDefinition definition,
                                            std::shared_ptr<const text::Tokenizer> tokenizer) {
  switch (definition.config.kind) {
    case TaskKind::kText:
      return std::make_unique<TextTask>(std::move(definition), std::move(tokenizer));
    case TaskKind::kTokens:
      return std::make_unique<TokenTask>(std::move(definition), std::move(tokenizer));
    case TaskKind::kQuestion:
      return std::make_unique<QuestionTask>(std::move(definition), std::move(tokenizer));
    case TaskKind::kMultipleChoice:
      return std::make_unique<ChoiceTask>(std::move(definition), std::move(tokenizer));
    case TaskKind::kRelation:
      return std::make_unique<RelationTask>(std::move(definition), std::move(tokenizer));
    case TaskKind::kEmbedding:
      return std::make_unique<EmbeddingTask>(std::move(definition), std::move(tokenizer));
  }
  throw InternalError("no task of kind {}", static_cast<int>(definition.config.kind));
}

}  // namespace albert::downstream
