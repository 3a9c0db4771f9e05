#include <memory>
#include <string>

#include <spdlog/fmt/ranges.h>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/json_figures.h"
#include "tasks/score.h"

namespace albert::cli {

void add_score_command(Command& program) {
  struct Arguments {
    tasks::ScoreOptions options;
    bool json = false;
  };
  auto arguments = std::make_shared<Arguments>();
  tasks::ScoreOptions& options = arguments->options;
  Command command = program.add_subcommand("score", "The official metric of a file of predictions, without a model");
  command
      .add_option("--task", options.task,
                  fmt::format("Recipe or YAML file that the model was fine-tuned by; recipes are {}",
                              fmt::join(tasks::score_tasks(), ", ")))
      .required();
  command.add_option("--gold", options.gold, "What is right: a file that training reads").required();
  command
      .add_option("--predictions", options.predictions,
                  "What was predicted: as the task's leaderboard takes it, and as `evaluate --output` writes it")
      .required();
  command
      .add_option(
          "--set", options.settings,
          "KEY=VALUE of the task over its recipe, as the model was fine-tuned with it: what the files are like, "
          "and what of them is judged, as --set task.tokens.conllu_tag=xpos, --set task.text.label=[3]; may be "
          "repeated")
      .one_at_a_time();
  command.add_option("--null-odds", options.null_odds,
                     "squad2: odds of having no answer, {id: number}; adds the best figures over all thresholds");
  command.add_option("--null-threshold", options.null_threshold,
                     "squad2: predictions with larger odds count as 'no answer' [1, as in the official script]");
  command.add_option("--prediction", options.prediction,
                     "Own texts: column of what was predicted, by name or number from 1 [as `evaluate` writes it: "
                     "'prediction', or the one behind the row's own where the files do not name their columns]");
  add_json_figures(command, arguments->json);
  command.callback([arguments] {
    const metrics::Report report = tasks::score(arguments->options);
    fmt::print("{}{}", arguments->json ? metrics::to_json(report) : metrics::to_text(report),
               arguments->json ? "\n" : "");
  });
}

}  // namespace albert::cli
