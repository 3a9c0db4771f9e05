#include "tasks/score.h"

#include "base/error.h"
#include "config/document.h"
#include "config/recipes.h"
#include "tasks/choice/predictions.h"
#include "tasks/embedding/score.h"
#include "tasks/question/score.h"
#include "tasks/recipe_task.h"
#include "tasks/relation/relations.h"
#include "tasks/task_config.h"
#include "tasks/text/score.h"
#include "tasks/tokens/score.h"

namespace albert::tasks {

namespace {

/// What of a task can be set, under the keys that it has in the files of `finetune`.
struct ScoreSettings {
  TaskConfig task;

  void fields(config::Fields& f) {
    DataFields<TaskConfig> data{task};
    f.group("task", data, "what the files are like, and what of them is judged");
  }
  void check(config::Checks& c) const { task.check(c); }
};

TaskConfig with_data_settings(const TaskConfig& recipe, const std::vector<std::string>& assignments) {
  config::Document document;
  for (const std::string& assignment : assignments) document.add_assignment(assignment);
  return document.read(ScoreSettings{recipe}).task;
}

/// Whose files may be of several layouts.
bool has_settings(const TaskConfig& recipe) {
  return (recipe.kind == TaskKind::kText && !recipe.text.glue) || recipe.kind == TaskKind::kTokens ||
         recipe.kind == TaskKind::kEmbedding;
}

/// One's own files of texts, where the prediction may have any column.
bool has_columns(const TaskConfig& task) {
  return (task.kind == TaskKind::kText && !task.text.glue) ||
         (task.kind == TaskKind::kEmbedding && !task.embedding.files.glue);
}

void refuse_options_without_effect(const TaskConfig& task, const ScoreOptions& options) {
  const auto refuse = [&](bool is_set, bool has_effect, const char* option, const char* where) {
    if (is_set && !has_effect) throw UsageError("{} has no effect on {}: it is for {}", option, options.task, where);
  };
  const bool has_odds = task.kind == TaskKind::kQuestion && task.question.no_answer;
  refuse(options.null_odds.has_value(), has_odds, "--null-odds", "squad2");
  refuse(options.null_threshold.has_value(), has_odds && options.null_odds, "--null-threshold",
         "squad2 with --null-odds");
  refuse(options.prediction.has_value(), has_columns(task), "--prediction", "one's own texts (layout: own)");
  refuse(!options.settings.empty(), has_settings(task), "--set",
         "one's own texts, tagged words and embeddings, whose files may be of several layouts");
}

metrics::Report score_answers(const QuestionConfig& config, const ScoreOptions& options) {
  AnswerFiles files{.gold = options.gold, .predictions = options.predictions, .null_odds = {}};
  files.null_odds = options.null_odds.value_or("");
  files.null_threshold = options.null_threshold.value_or(files.null_threshold);
  const AnswerRule rule = config.scoring == AnswerScoring::kCmrc ? AnswerRule::kCmrc
                          : config.no_answer                     ? AnswerRule::kSquad2
                                                                 : AnswerRule::kSquad1;
  return score_questions(rule, files);
}

}  // namespace

std::vector<std::string> score_tasks() {
  std::vector<std::string> names;
  for (const config::Recipe& recipe : config::recipes()) {
    if (recipe.folder == "finetune") names.emplace_back(recipe.name);
  }
  return names;
}

metrics::Report score(const ScoreOptions& options) {
  const TaskConfig recipe = task_of_recipe(options.task);
  const TaskConfig task = has_settings(recipe) ? with_data_settings(recipe, options.settings) : recipe;
  refuse_options_without_effect(task, options);
  const TextScoreFiles files{.gold = options.gold, .predictions = options.predictions, .column = options.prediction};
  switch (task.kind) {
    case TaskKind::kText:
      return score_texts(task.text, files);
    case TaskKind::kTokens:
      return score_tags(task.tokens.score, files.gold, files.predictions, task.tokens.format);
    case TaskKind::kQuestion:
      return score_answers(task.question, options);
    case TaskKind::kMultipleChoice:
      return score_choices(files.gold, files.predictions);
    case TaskKind::kRelation:
      return score_relations(files.gold, files.predictions);
    case TaskKind::kEmbedding:
      return score_embeddings(task.embedding, files);
  }
  throw InternalError("no task of kind {}", static_cast<int>(task.kind));
}

}  // namespace albert::tasks
