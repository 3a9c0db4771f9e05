#pragma once

#include <cstdint>
#include <string>

#include "config/fields.h"
#include "tasks/choice/config.h"
#include "tasks/embedding/config.h"
#include "tasks/question/config.h"
#include "tasks/relation/config.h"
#include "tasks/text/config.h"
#include "tasks/tokens/config.h"

namespace albert::tasks {

/// The data_fields() of a component, as a component.
template <typename Component>
struct DataFields {
  Component& component;

  void fields(config::Fields& f) { component.data_fields(f); }
};

/// What is asked of a text.
enum class TaskKind {
  kText,            ///< a label, several, or a number for a text or a pair of texts
  kTokens,          ///< a tag for every word
  kQuestion,        ///< the span of a text that answers a question
  kMultipleChoice,  ///< the right one of several answers
  kRelation,        ///< how two entities of a sentence are related
  kEmbedding,       ///< a vector, near those of texts that mean the same
};

/// "a model that answers questions from a text (task.kind: question)", for messages.
std::string describe_model(TaskKind kind);

/// The `task` part of a fine-tuning configuration. It is stored with the fine-tuned model, so that evaluation and
/// prediction prepare text as training did.
struct TaskConfig {
  TaskKind kind = TaskKind::kText;
  std::string name;  ///< for people: "cola"
  std::int64_t max_sequence_length = 512;
  std::string metric;  ///< the figure by which models are compared; empty: the task's usual one
  double held_out = 0.1;
  std::string held_out_of;
  // Of these only the one that `kind` names has an effect, and a key of another one is an error.
  TextConfig text;
  TokenConfig tokens;
  QuestionConfig question;
  ChoiceConfig choice;
  RelationConfig relation;
  EmbeddingConfig embedding;

  void fields(config::Fields& f);
  /// Those of the kind that say how data files are read and what of them is judged, under their own keys.
  void data_fields(config::Fields& f);
  void check(config::Checks& c) const;
};

}  // namespace albert::tasks
