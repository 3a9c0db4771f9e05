#include <memory>
#include <string>

#include <spdlog/fmt/ranges.h>

#include "base/log.h"
#include "cli/choice_option.h"
#include "cli/commands.h"
#include "cli/json_figures.h"
#include "datasets/score.h"

namespace albert::cli {

void add_score_command(Command& program) {
  using datasets::HeaderRow;
  struct Arguments {
    datasets::ScoreOptions options;
    bool json = false;
  };
  auto arguments = std::make_shared<Arguments>();
  datasets::ScoreOptions& options = arguments->options;
  Command command = program.add_subcommand("score", "The official metric of a file of predictions, without a model");
  command.add_option("--task", options.task, fmt::format("One of {}", fmt::join(datasets::score_tasks(), ", ")))
      .required();
  command.add_option("--gold", options.gold, "What is right: a file in the task's public layout").required();
  command
      .add_option("--predictions", options.predictions,
                  "What was predicted: as the task's leaderboard takes it, and as `evaluate --output` writes it")
      .required();
  command.add_option("--null-odds", options.null_odds,
                     "squad2: odds of having no answer, {id: number}; adds the best figures over all thresholds");
  command.add_option("--null-threshold", options.null_threshold,
                     "squad2: predictions with larger odds count as 'no answer' [1, as in the official script]");
  command.add_option("--label", options.label,
                     "Own files: column of what is right, by name or number from 1 [label]; multilabel takes several");
  command.add_option("--prediction", options.prediction, "Own files: column of what was predicted [prediction]");
  add_choice<HeaderRow>(
      command, "--header", {{"present", HeaderRow::kPresent}, {"absent", HeaderRow::kAbsent}},
      [&options](HeaderRow given) { options.header = given; },
      "Own files: whether the first row names the columns [present if a column is given by name]");
  command.add_option("--encoding", options.encoding,
                     "Own files, and tagged words: of the gold file's characters; predictions are in UTF-8 [utf-8]");
  command.add_option("--separator", options.separator, "multilabel: what stands between the labels of a text [,]");
  add_json_figures(command, arguments->json);
  command.callback([arguments] {
    const metrics::Report report = datasets::score(arguments->options);
    fmt::print("{}{}", arguments->json ? metrics::to_json(report) : metrics::to_text(report),
               arguments->json ? "\n" : "");
  });
}

}  // namespace albert::cli
