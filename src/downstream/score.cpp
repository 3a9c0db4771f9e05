#include "downstream/score.h"

#include <algorithm>
#include <utility>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "config/configuration.h"
#include "datasets/choice/predictions.h"
#include "datasets/relation/relations.h"
#include "datasets/score/questions.h"
#include "datasets/score/tags.h"
#include "downstream/embedding/score.h"
#include "downstream/task_config.h"
#include "downstream/text/score.h"

namespace albert::downstream {

namespace {

using datasets::AnswerRule;

/// The recipe of a name, as far as files and figures go.
TaskConfig recipe(std::string name, TaskKind kind) {
  TaskConfig config;
  config.name = std::move(name);
  config.kind = kind;
  return config;
}

TaskConfig glue(const datasets::GlueInfo& info) {
  TaskConfig config = recipe(std::string(info.name), TaskKind::kText);
  config.text.glue = info.task;
  return config;
}

TaskConfig texts(std::string name, TextOutput output) {
  TaskConfig config = recipe(std::move(name), TaskKind::kText);
  config.text.output = output;
  if (output == TextOutput::kMultilabel) config.text.label_separator = std::string(1, ',');
  return config;
}

TaskConfig tags(std::string name, datasets::TagScoring scoring, datasets::TagLayout layout) {
  TaskConfig config = recipe(std::move(name), TaskKind::kTokens);
  config.tokens.score = scoring;
  config.tokens.format.layout = layout;
  return config;
}

TaskConfig questions(std::string name, AnswerScoring scoring, bool no_answer) {
  TaskConfig config = recipe(std::move(name), TaskKind::kQuestion);
  config.question.scoring = scoring;
  config.question.no_answer = no_answer;
  return config;
}

TaskConfig embedding() {
  TaskConfig config = recipe("embedding", TaskKind::kEmbedding);
  config.embedding.files.glue = datasets::GlueTask::kStsb;
  return config;
}

std::vector<TaskConfig> make_recipes() {
  using datasets::TagLayout;
  using datasets::TagScoring;
  std::vector<TaskConfig> recipes;
  for (const datasets::GlueInfo& info : datasets::all_glue_tasks()) recipes.push_back(glue(info));
  recipes.push_back(questions("squad1", AnswerScoring::kSquad, /*no_answer=*/false));
  recipes.push_back(questions("squad2", AnswerScoring::kSquad, /*no_answer=*/true));
  recipes.push_back(questions("cmrc2018", AnswerScoring::kCmrc, /*no_answer=*/false));
  recipes.push_back(tags("conll", TagScoring::kEntities, TagLayout::kByFile));
  recipes.push_back(tags("wnut17", TagScoring::kEntities, TagLayout::kColumns));
  recipes.push_back(tags("ud_pos", TagScoring::kTags, TagLayout::kConllu));
  recipes.push_back(recipe("race", TaskKind::kMultipleChoice));
  recipes.push_back(recipe("arc", TaskKind::kMultipleChoice));
  recipes.push_back(recipe("semeval2010", TaskKind::kRelation));
  recipes.push_back(texts("classification", TextOutput::kClassification));
  recipes.push_back(texts("regression", TextOutput::kRegression));
  recipes.push_back(texts("multilabel", TextOutput::kMultilabel));
  recipes.push_back(embedding());
  return recipes;
}

const std::vector<TaskConfig>& all_recipes() {
  static const std::vector<TaskConfig> kRecipes = make_recipes();
  return kRecipes;
}

const TaskConfig& find_recipe(const std::string& name) {
  const auto found = std::ranges::find(all_recipes(), name, &TaskConfig::name);
  if (found != all_recipes().end()) return *found;
  const std::string near = config::nearest(name, score_tasks());
  throw UsageError("there is no score for a task '{}'{}; there is one for {}", name,
                   near.empty() ? "" : fmt::format(" (is it '{}'?)", near), fmt::join(score_tasks(), ", "));
}

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
  config::Configuration document;
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
  datasets::AnswerFiles files{.gold = options.gold, .predictions = options.predictions, .null_odds = {}};
  files.null_odds = options.null_odds.value_or("");
  files.null_threshold = options.null_threshold.value_or(files.null_threshold);
  const AnswerRule rule = config.scoring == AnswerScoring::kCmrc ? AnswerRule::kCmrc
                          : config.no_answer                     ? AnswerRule::kSquad2
                                                                 : AnswerRule::kSquad1;
  return datasets::score_questions(rule, files);
}

}  // namespace

std::vector<std::string> score_tasks() {
  std::vector<std::string> names;
  for (const TaskConfig& recipe : all_recipes()) names.push_back(recipe.name);
  return names;
}

metrics::Report score(const ScoreOptions& options) {
  const TaskConfig& recipe = find_recipe(options.task);
  const TaskConfig task = has_settings(recipe) ? with_data_settings(recipe, options.settings) : recipe;
  refuse_options_without_effect(task, options);
  const TextScoreFiles files{.gold = options.gold, .predictions = options.predictions, .column = options.prediction};
  switch (task.kind) {
    case TaskKind::kText:
      return score_texts(task.text, files);
    case TaskKind::kTokens:
      return datasets::score_tags(task.tokens.score, files.gold, files.predictions, task.tokens.format);
    case TaskKind::kQuestion:
      return score_answers(task.question, options);
    case TaskKind::kMultipleChoice:
      return datasets::score_choices(files.gold, files.predictions);
    case TaskKind::kRelation:
      return datasets::score_relations(files.gold, files.predictions);
    case TaskKind::kEmbedding:
      return score_embeddings(task.embedding, files);
  }
  throw InternalError("no task of kind {}", static_cast<int>(task.kind));
}

}  // namespace albert::downstream
