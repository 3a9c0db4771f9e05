#include <memory>
#include <string>

#include <spdlog/fmt/ranges.h>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/json_figures.h"
#include "tasks/score.h"

namespace albert::cli {

namespace {

void add_options(Command command, tasks::ScoreRequest& request) {
  command
      .add_option("--task", request.task,
                  fmt::format("Recipe or YAML file that the model was fine-tuned by, or its run; the recipes are {}",
                              fmt::join(tasks::score_tasks(), ", ")))
      .required()
      .type_name("RECIPE");
  command
      .add_option("--gold", request.files.gold,
                  "The right answers: a file that training reads (- is standard input, here and below)")
      .required()
      .or_standard_input();
  command
      .add_option(
          "--predictions", request.files.predictions,
          "The predictions: as `albert evaluate --output` writes them, which is as the task's leaderboard takes them")
      .required()
      .or_standard_input();
  command
      .add_option(
          "--set", request.settings,
          "Override a setting of the task, as in fine-tuning: KEY=VALUE says how the files are laid out, or what is "
          "scored, as in --set task.tokens.conllu_tag=xpos or --set task.text.label=3; may be repeated")
      .one_at_a_time()
      .type_name("KEY=VALUE");
  command
      .add_option(
          "--null-odds", request.files.null_odds,
          "squad2: file of the odds of having no answer, {id: number}; adds the best figures over all thresholds")
      .or_standard_input();
  command.add_option("--null-threshold", request.files.null_threshold,
                     "squad2: predictions with larger odds count as 'no answer' [1, as in the official script]");
  command.add_option("--prediction", request.files.column,
                     "Own texts: column of the predictions, by name or number from 1 [as `albert evaluate` writes it: "
                     "'prediction', or the one after the row's own where the files have no header]");
}

}  // namespace

void add_score_command(Command& program) {
  struct Arguments {
    tasks::ScoreRequest request;
    bool json = false;
  };
  auto arguments = std::make_shared<Arguments>();
  Command command =
      program.add_subcommand("score", "Score a file of predictions by the task's official metric, without a model");
  command.example("albert score --task sst2 --gold GLUE/SST-2/dev.tsv --predictions SST-2.tsv");
  add_options(command, arguments->request);
  add_json_figures(command, arguments->json);
  command.callback([arguments] {
    const metrics::Report report = tasks::score(arguments->request);
    fmt::print("{}{}", arguments->json ? metrics::to_json(report) : metrics::to_text(report),
               arguments->json ? "\n" : "");
  });
}

}  // namespace albert::cli
