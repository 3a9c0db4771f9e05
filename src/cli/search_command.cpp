#include <filesystem>
#include <memory>
#include <optional>

#include <unistd.h>

#include "cli/bad_record_option.h"
#include "cli/commands.h"
#include "cli/compute_options.h"
#include "cli/pooling_option.h"
#include "cli/sleeping_threads.h"
#include "cli/standard_input.h"
#include "inference/precision_choice.h"
#include "inference/search.h"

namespace albert::cli {

namespace {

struct SearchArguments {
  std::filesystem::path model;
  std::optional<model::EmbeddingPooling> pooling;
  std::optional<inference::BadRecord> on_bad_record;
  model::ComputeConfig compute;
  inference::SearchOptions options;
};

void search(SearchArguments& arguments) {
  const inference::ModelFolder folder = inference::open_model_folder(arguments.model);
  const model::Compute compute = inference::set_up_prediction(arguments.compute, folder.path);
  const auto opened = inference::open_embedding_model(folder, compute, {.pooling = arguments.pooling});
  arguments.options.on_bad_record = arguments.on_bad_record.value_or(inference::BadRecord::kEmpty);
  const auto report = inference::search(opened, STDIN_FILENO, stdout, arguments.options);
  warn_of_bad_records(report, arguments.options.on_bad_record, "query", "queries");
}

}  // namespace

void add_search_command(Command& program) {
  auto arguments = std::make_shared<SearchArguments>();
  Command command =
      program.add_subcommand("search", "Find the texts of an index that are nearest to each line of standard input");
  command.example("echo \"a good film\" | albert search --model run --index texts.npy");
  let_waiting_threads_sleep(command);
  accept_dash(command);
  command.add_option("--index", arguments->options.index, "The .npy file that `albert embed` wrote").required();
  command.add_option("--model", arguments->model, "The model that the index was made with").required();
  add_pooling_option(command, arguments->pooling);
  command.add_option("--top-k", arguments->options.top_k, "Texts to find for each query").positive().show_default();
  command.add_flag("--json", arguments->options.json, "Print one JSON object per query, a line each");
  add_bad_record_option(command, arguments->on_bad_record, "a query without results", "empty");
  add_prediction_options(command, arguments->compute);
  command.callback([arguments] { search(*arguments); });
}

}  // namespace albert::cli
