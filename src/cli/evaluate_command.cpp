#include <memory>
#include <string>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "base/shown.h"
#include "cli/choice_option.h"
#include "cli/commands.h"
#include "cli/compute_options.h"
#include "cli/json_figures.h"
#include "cli/output_option.h"
#include "cli/sleeping_threads.h"
#include "cli/task_settings.h"
#include "inference/evaluate.h"

namespace albert::cli {

namespace {

void print_text(const inference::FileReport& report) {
  fmt::print("{}: {}\n", printable(report.file.string()), counted(report.num_examples, "example"));
  if (report.judgement) {
    fmt::print("{}", metrics::to_text(*report.judgement));
  } else {
    fmt::print("the file has no labels, so there is nothing to score\n");
  }
  if (!report.predictions.empty()) fmt::print("predictions: {}\n", printable(report.predictions.string()));
}

/// Logs the figures of one file, for whoever waits for the JSON of all.
void log_figures(const inference::FileReport& report) {
  if (!report.judgement) return;
  std::string text;
  for (const auto& [name, value] : report.judgement->figures) text += fmt::format(" {} {:.6g}", name, value);
  for (const auto& [name, reason] : report.judgement->undefined)
    text += fmt::format(" {} undefined ({})", name, reason);
  log_info("{}:{}", report.file.string(), text);
}

}  // namespace

void add_evaluate_command(Command& program) {
  using tasks::Part;
  struct Arguments {
    inference::EvaluateOptions options;
    model::ComputeConfig compute;
    bool json = false;
  };
  auto arguments = std::make_shared<Arguments>();
  inference::EvaluateOptions& options = arguments->options;
  Command command =
      program.add_subcommand("evaluate", "Score a fine-tuned model on a data set, and write its predictions");
  command.example("albert evaluate --model sst2 --data GLUE/SST-2 --output SST-2.tsv");
  let_waiting_threads_sleep(command);
  command.add_option("--model", options.model, "Folder of a fine-tuned model, or of its run").required();
  command
      .add_option(
          "--data", options.data,
          "The data set: a folder in the task's public layout, a file (- is standard input), or several, also as a "
          "pattern such as 'part-*.tsv', which are scored one by one")
      .required()
      .or_standard_input()
      .type_name("PATH...");
  add_task_settings(command, options.settings);
  add_choice(command, "--part", options.part,
             {{"train", Part::kTrain}, {"dev", Part::kDevelopment}, {"test", Part::kTest}},
             "Which part of a folder to read; test also reads a single file without labels");
  add_output(command, options.output, options.overwrite,
             "File to write the predictions to, as the task's leaderboard takes them");
  add_json_figures(command, arguments->json);
  add_batch_tokens(command, options.batch_tokens);
  add_compute_options(command, arguments->compute);
  command.add_flag("--measure-precisions", options.measures_precisions,
                   "Evaluate in bfloat16 and int8 too, where this processor has them, and note the figures in the "
                   "model's folder: --precision auto of predict and embed chooses by them");
  command.callback([arguments] {
    if (arguments->options.measures_precisions && arguments->compute.precision != model::Precision::kFloat32)
      throw UsageError("--measure-precisions compares with float32: leave --precision out");
    model::Compute compute = model::set_up_compute(arguments->compute);
    compute.is_frozen = true;
    const auto reports = inference::evaluate(arguments->options, compute, arguments->json ? log_figures : print_text);
    if (arguments->json) fmt::print("{}\n", inference::to_json(reports));
  });
}

}  // namespace albert::cli
