#include "datasets/score.h"

#include <algorithm>
#include <functional>
#include <utility>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "config/fields.h"
#include "datasets/choice/predictions.h"
#include "datasets/relation/relations.h"
#include "datasets/score/glue.h"
#include "datasets/score/questions.h"
#include "datasets/score/tags.h"
#include "datasets/score/texts.h"

namespace albert::datasets {

namespace {

/// A task that files can be scored for.
struct ScoredTask {
  std::string name;
  std::function<metrics::Report(const ScoreOptions&)> score;
  bool has_null_odds = false;
  bool has_columns = false;
  bool has_encoding = false;
};

ScoredTask questions(std::string name, AnswerRule rule) {
  const auto run = [rule](const ScoreOptions& options) {
    AnswerFiles files{.gold = options.gold, .predictions = options.predictions, .null_odds = {}};
    files.null_odds = options.null_odds.value_or("");
    files.null_threshold = options.null_threshold.value_or(files.null_threshold);
    return score_questions(rule, files);
  };
  return {.name = std::move(name), .score = run, .has_null_odds = rule == AnswerRule::kSquad2};
}

ScoredTask texts(std::string name, TextJudgement judgement) {
  const auto run = [judgement](const ScoreOptions& options) {
    TextScoreFiles files{.gold = options.gold, .predictions = options.predictions};
    files.label = options.label.value_or(files.label);
    files.prediction = options.prediction.value_or(files.prediction);
    files.separator = options.separator.value_or(files.separator);
    files.header = options.header;
    files.encoding = options.encoding.value_or(files.encoding);
    return score_texts(judgement, files);
  };
  return {.name = std::move(name), .score = run, .has_columns = true, .has_encoding = true};
}

ScoredTask glue(const GlueInfo& info) {
  const auto run = [task = info.task](const ScoreOptions& options) {
    return score_glue(task, options.gold, options.predictions);
  };
  return {.name = std::string(info.name), .score = run};
}

ScoredTask tags(std::string name, TagScoring scoring, const TagFormat& format) {
  const auto run = [scoring, format](const ScoreOptions& options) {
    TagFormat of_gold = format;
    of_gold.encoding = options.encoding.value_or(format.encoding);
    return score_tags(scoring, options.gold, options.predictions, of_gold);
  };
  return {.name = std::move(name), .score = run, .has_encoding = true};
}

ScoredTask choices(std::string name) {
  const auto run = [](const ScoreOptions& options) { return score_choices(options.gold, options.predictions); };
  return {.name = std::move(name), .score = run};
}

ScoredTask relations(std::string name) {
  const auto run = [](const ScoreOptions& options) { return score_relations(options.gold, options.predictions); };
  return {.name = std::move(name), .score = run};
}

std::vector<ScoredTask> make_tasks() {
  std::vector<ScoredTask> tasks;
  for (const GlueInfo& info : all_glue_tasks()) tasks.push_back(glue(info));
  tasks.push_back(questions("squad1", AnswerRule::kSquad1));
  tasks.push_back(questions("squad2", AnswerRule::kSquad2));
  tasks.push_back(questions("cmrc2018", AnswerRule::kCmrc));
  tasks.push_back(tags("conll", TagScoring::kEntities, {}));
  tasks.push_back(tags("wnut17", TagScoring::kEntities, {}));
  tasks.push_back(tags("ud_pos", TagScoring::kTags, {.layout = TagLayout::kConllu}));
  tasks.push_back(choices("race"));
  tasks.push_back(choices("arc"));
  tasks.push_back(relations("semeval2010"));
  tasks.push_back(texts("classification", TextJudgement::kClassification));
  tasks.push_back(texts("regression", TextJudgement::kRegression));
  tasks.push_back(texts("multilabel", TextJudgement::kMultilabel));
  tasks.push_back(texts("embedding", TextJudgement::kRegression));  // cosines beside scores
  return tasks;
}

const std::vector<ScoredTask>& all_tasks() {
  static const std::vector<ScoredTask> kTasks = make_tasks();
  return kTasks;
}

const ScoredTask& find_task(const std::string& name) {
  const auto found = std::ranges::find(all_tasks(), name, &ScoredTask::name);
  if (found != all_tasks().end()) return *found;
  const std::string near = config::nearest(name, score_tasks());
  throw UsageError("there is no score for a task '{}'{}; there is one for {}", name,
                   near.empty() ? "" : fmt::format(" (is it '{}'?)", near), fmt::join(score_tasks(), ", "));
}

void refuse_options_without_effect(const ScoredTask& task, const ScoreOptions& options) {
  const auto refuse = [&](bool is_set, bool has_effect, const char* option, const char* where) {
    if (is_set && !has_effect) throw UsageError("{} has no effect on {}: it is for {}", option, task.name, where);
  };
  refuse(options.null_odds.has_value(), task.has_null_odds, "--null-odds", "squad2");
  refuse(options.null_threshold.has_value(), task.has_null_odds && options.null_odds, "--null-threshold",
         "squad2 with --null-odds");
  constexpr const char* kOwn = "classification, regression, multilabel and embedding";
  refuse(options.label.has_value(), task.has_columns, "--label", kOwn);
  refuse(options.prediction.has_value(), task.has_columns, "--prediction", kOwn);
  refuse(options.header.has_value(), task.has_columns, "--header", kOwn);
  refuse(options.encoding.has_value(), task.has_encoding, "--encoding", "one's own texts and files of tagged words");
  refuse(options.separator.has_value(), task.name == "multilabel", "--separator", "multilabel");
}

}  // namespace

std::vector<std::string> score_tasks() {
  std::vector<std::string> names;
  for (const ScoredTask& task : all_tasks()) names.push_back(task.name);
  return names;
}

metrics::Report score(const ScoreOptions& options) {
  const ScoredTask& task = find_task(options.task);
  refuse_options_without_effect(task, options);
  return task.score(options);
}

}  // namespace albert::datasets
