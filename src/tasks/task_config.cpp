#include "tasks/task_config.h"

#include "base/error.h"

namespace albert::tasks {

std::string describe_model(TaskKind kind) {
  switch (kind) {
    case TaskKind::kText:
      return "a model of labels or numbers for texts (task.kind: text)";
    case TaskKind::kTokens:
      return "a model of tags for words (task.kind: tokens)";
    case TaskKind::kQuestion:
      return "a model that answers questions from a text (task.kind: question)";
    case TaskKind::kMultipleChoice:
      return "a model that chooses among answers (task.kind: multiple_choice)";
    case TaskKind::kRelation:
      return "a model of relations between two entities (task.kind: relation)";
    case TaskKind::kEmbedding:
      return "a model of texts as vectors (task.kind: embedding)";
  }
  throw InternalError("no task of kind {}", static_cast<int>(kind));
}

void TaskConfig::fields(config::Fields& f) {
  f.choice("kind", kind,
           "what is asked: text (labels or a number for texts), tokens (a tag for every word), question (an answer in "
           "a text), multiple_choice, relation (of two entities) or embedding (a vector)",
           {{"text", TaskKind::kText},
            {"tokens", TaskKind::kTokens},
            {"question", TaskKind::kQuestion},
            {"multiple_choice", TaskKind::kMultipleChoice},
            {"relation", TaskKind::kRelation},
            {"embedding", TaskKind::kEmbedding}});
  f("name", name, "of the task, for people");
  f("max_sequence_length", max_sequence_length,
    "longest sequence in tokens, with the special ones; what is longer is cut or read in windows", config::at_least(8));
  f("metric", metric, "the figure by which models are compared; empty: the task's usual one");
  f("held_out", held_out,
    "share of the training file that is kept for evaluation where there is no file for it, chosen by the examples' "
    "content; 0: none",
    config::between(0, 0.9));
  f("held_out_of", held_out_of,
    "name of the file that was divided so; training sets it, so that evaluation on the file takes the same examples");
  switch (kind) {
    case TaskKind::kText:
      return f.group("text", text, "texts with labels or numbers");
    case TaskKind::kTokens:
      return f.group("tokens", tokens, "words with tags");
    case TaskKind::kQuestion:
      return f.group("question", question, "questions with contexts");
    case TaskKind::kMultipleChoice:
      return f.group("choice", choice, "questions with choices");
    case TaskKind::kRelation:
      return f.group("relation", relation, "sentences with two entities");
    case TaskKind::kEmbedding:
      return f.group("embedding", embedding, "texts as vectors");
  }
}

void TaskConfig::data_fields(config::Fields& f) {
  switch (kind) {
    case TaskKind::kText: {
      DataFields<TextConfig> part{text};
      return f.group("text", part, "texts with labels or numbers");
    }
    case TaskKind::kTokens: {
      DataFields<TokenConfig> part{tokens};
      return f.group("tokens", part, "words with tags");
    }
    case TaskKind::kEmbedding: {
      DataFields<EmbeddingConfig> part{embedding};
      return f.group("embedding", part, "texts as vectors");
    }
    case TaskKind::kQuestion:
    case TaskKind::kMultipleChoice:
    case TaskKind::kRelation:
      return;  // their files say themselves what they are
  }
}

void TaskConfig::check(config::Checks& c) const {
  switch (kind) {
    case TaskKind::kText:
      return text.check(c, TextConfig::kSettings);
    case TaskKind::kTokens:
      return tokens.check(c, "task.tokens.");
    case TaskKind::kQuestion:
      return question.check(c, "task.question.");
    case TaskKind::kMultipleChoice:
      return choice.check(c, "task.choice.");
    case TaskKind::kRelation:
      return relation.check(c, "task.relation.");
    case TaskKind::kEmbedding:
      return embedding.check(c, "task.embedding.");
  }
}

}  // namespace albert::tasks
