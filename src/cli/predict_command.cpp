#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <unistd.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "cli/bad_record_option.h"
#include "cli/choice_option.h"
#include "cli/commands.h"
#include "cli/compute_options.h"
#include "cli/sleeping_threads.h"
#include "cli/standard_input.h"
#include "cli/task_settings.h"
#include "inference/precision_choice.h"
#include "inference/predict.h"

namespace albert::cli {

namespace {

struct PredictArguments {
  std::filesystem::path model;
  std::vector<std::string> settings;
  bool n_best = false;
  std::optional<inference::BadRecord> on_bad_record;
  model::ComputeConfig compute;
  inference::PredictOptions options;
};

void check_answers_questions(const std::filesystem::path& model) {
  const auto stored = inference::open_model_folder(model).definition();
  if (!stored || stored->definition.config.type().name == "question") return;
  throw UsageError("--n-best has no effect with {}, which answers no questions", model.string());
}

void predict(PredictArguments& arguments) {
  if (arguments.n_best) {
    if (arguments.options.format != tasks::RecordFormat::kJsonl) {
      throw UsageError("--n-best has no effect without --format jsonl: other lines have room for one answer");
    }
    check_answers_questions(arguments.model);
    arguments.settings.emplace_back("task.question.show_n_best=true");
  }
  arguments.options.on_bad_record =
      arguments.on_bad_record.value_or(inference::default_bad_record(arguments.options.format));
  const inference::ModelFolder folder = inference::open_model_folder(arguments.model);
  const model::Compute compute = inference::set_up_prediction(arguments.compute, folder.path);
  const auto opened = inference::open_task_model(folder, compute, arguments.settings);
  const auto report = inference::predict(opened, STDIN_FILENO, stdout, arguments.options);
  if (report.num_truncated > 0) {
    log_warning("{} longer than {}, and cut", counted(report.num_truncated, "record was", "records were"),
                opened.task->length_limit());
  }
  warn_of_bad_records(report, arguments.options.on_bad_record, "record", "records");
}

}  // namespace

void add_predict_command(Command& program) {
  using tasks::RecordFormat;
  auto arguments = std::make_shared<PredictArguments>();
  Command command = program.add_subcommand(
      "predict", "Use a fine-tuned model: records on standard input, a prediction for each on standard output");
  command.example("echo \"A charming film.\" | albert predict --model sst2");
  let_waiting_threads_sleep(command);
  accept_dash(command);
  command.add_option("--model", arguments->model, "Folder of a fine-tuned model, or of its run").required();
  add_choice(command, "--format", arguments->options.format,
             {{"text", RecordFormat::kText}, {"tsv", RecordFormat::kTsv}, {"jsonl", RecordFormat::kJsonl}},
             "text: one text per line, or two with a tab between them. tsv: columns with a header. jsonl: one object "
             "per line. tsv and jsonl repeat the record with the prediction added");
  add_task_settings(command, arguments->settings);
  command.add_flag("--n-best", arguments->n_best,
                   "Questions with --format jsonl: add the likeliest answers; task.question.n_best says how many");
  add_bad_record_option(command, arguments->on_bad_record,
                        "an empty line, empty columns, or the object without a prediction",
                        "text: empty; tsv and jsonl: skip");
  add_batch_tokens(command, arguments->options.batch_tokens);
  add_prediction_options(command, arguments->compute);
  command.callback([arguments] { predict(*arguments); });
}

}  // namespace albert::cli
