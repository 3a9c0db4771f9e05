#include <memory>

#include <spdlog/fmt/ranges.h>

#include "base/counted.h"
#include "base/log.h"
#include "base/shown.h"
#include "cli/commands.h"
#include "cli/compute_options.h"
#include "cli/output_option.h"
#include "cli/sleeping_threads.h"
#include "inference/glue_submission.h"

namespace albert::cli {

namespace {

struct SubmissionArguments {
  inference::GlueSubmissionOptions options;
  model::ComputeConfig compute;
};

void write_submission(SubmissionArguments& arguments) {
  const model::Compute compute = model::set_up_compute(arguments.compute);
  const auto report = inference::write_glue_submission(arguments.options, compute);
  for (const auto& file : report.files) {
    fmt::print("{}: {} for {}\n", printable(file.predictions.string()), counted(file.num_examples, "prediction"),
               printable(file.test_file.string()));
  }
  const auto& [missing, kept] = report.others;
  if (!missing.empty()) log_warning("a whole submission also needs {}", fmt::join(missing, ", "));
  if (!kept.empty()) log_warning("of an earlier run, and as they were: {}", fmt::join(kept, ", "));
}

}  // namespace

void add_glue_submission_command(Command& program) {
  auto arguments = std::make_shared<SubmissionArguments>();
  inference::GlueSubmissionOptions& options = arguments->options;
  Command command = program.add_subcommand("glue-submission",
                                           "Write the folder that GLUE's leaderboard takes, from one model per task");
  command.example("albert glue-submission --model sst2 --model mnli --data GLUE --output submission");
  let_waiting_threads_sleep(command);
  command
      .add_option(
          "--model", options.models,
          "Folders of fine-tuned models, or of their runs, one per task; the one of MNLI answers AX too. All are "
          "checked before the first one predicts")
      .required();
  command.add_option("--data", options.data, "Folder of GLUE's tasks as distributed (CoLA, SST-2 ...)").required();
  add_output(command, options.output, options.overwrite, "Folder for CoLA.tsv, SST-2.tsv, MNLI-m.tsv ...").required();
  add_batch_tokens(command, options.batch_tokens);
  add_compute_options(command, arguments->compute);
  command.callback([arguments] { write_submission(*arguments); });
}

}  // namespace albert::cli
