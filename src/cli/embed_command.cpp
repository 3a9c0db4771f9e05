#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <unistd.h>

#include "base/counted.h"
#include "base/log.h"
#include "cli/bad_record_option.h"
#include "cli/choice_option.h"
#include "cli/commands.h"
#include "cli/compute_options.h"
#include "cli/pooling_option.h"
#include "cli/sleeping_threads.h"
#include "cli/standard_input.h"
#include "inference/embed.h"

namespace albert::cli {

namespace {

struct Arguments {
  std::filesystem::path model;
  std::optional<model::EmbeddingPooling> pooling;
  model::ComputeConfig compute;
  inference::EmbedOptions options;
};

void run(Arguments& arguments) {
  const model::Compute compute = model::set_up_compute(arguments.compute);
  const auto opened = inference::open_embedding_model(arguments.model, compute, arguments.pooling);
  const auto report = inference::embed(opened, STDIN_FILENO, arguments.options);
  log_info("{}: {} of {} numbers; {} cut to {} tokens", arguments.options.output.string(),
           counted(report.num_records, "vector"), opened.model->config().hidden_size,
           counted(report.num_truncated, "text"), opened.origin.max_length);
  warn_of_bad_records(report, arguments.options.on_bad_record, "line", "lines");
}

}  // namespace

void add_embed_command(Command& program) {
  using inference::VectorFormat;
  auto arguments = std::make_shared<Arguments>();
  Command command = program.add_subcommand("embed", "Turn texts on standard input into vectors: a .npy file [N, H]");
  command.example("albert embed --model run --output texts.npy < texts.txt");
  let_waiting_threads_sleep(command);
  accept_dash(command);
  command.add_option("--model", arguments->model, "Folder of a model, pretrained or fine-tuned, or of a run")
      .required();
  command
      .add_option("--output", arguments->options.output,
                  "File for the vectors (.npy); the texts go beside it, to FILE.txt or FILE.jsonl")
      .required();
  add_pooling_option(command, arguments->pooling);
  add_choice(command, "--format", arguments->options.format,
             {{"text", VectorFormat::kText}, {"jsonl", VectorFormat::kJsonl}},
             "text: one text per line; jsonl: one object per line, with the text under \"text\"");
  add_bad_record_option(command, arguments->options.on_bad_record, "a vector of NaN and an empty text");
  add_batch_tokens(command, arguments->options.batch_tokens);
  add_compute_options(command, arguments->compute);
  command.callback([arguments] { run(*arguments); });
}

}  // namespace albert::cli
