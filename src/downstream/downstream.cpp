#include "downstream/downstream.h"

#include "base/error.h"

namespace albert::downstream {

std::unique_ptr<Downstream> make_downstream(TaskDefinition definition,
                                            [[maybe_unused]] std::shared_ptr<const text::Tokenizer> tokenizer) {
  switch (definition.config.kind) {
    case TaskKind::kText:
    case TaskKind::kTokens:
    case TaskKind::kQuestion:
    case TaskKind::kMultipleChoice:
    case TaskKind::kRelation:
    case TaskKind::kEmbedding:
      break;
  }
  throw InternalError("no task of kind {}", static_cast<int>(definition.config.kind));
}

}  // namespace albert::downstream
