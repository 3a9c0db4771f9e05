#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "cli/bad_record_option.h"
#include "cli/choice_option.h"
#include "cli/commands.h"
#include "cli/compute_options.h"
#include "cli/output_option.h"
#include "cli/pooling_option.h"
#include "cli/sleeping_threads.h"
#include "cli/standard_input.h"
#include "inference/embed.h"
#include "inference/precision_choice.h"

namespace albert::cli {

namespace {

struct EmbedArguments {
  std::filesystem::path model;
  inference::VectorChoice choice;
  std::optional<std::string> layers;
  bool tokens = false;
  std::optional<inference::BadRecord> on_bad_record;
  model::ComputeConfig compute;
  inference::EmbedOptions options;
};

std::vector<std::int64_t> parse_layers(std::string_view text) {
  std::vector<std::int64_t> layers;
  for (bool goes_on = true; goes_on;) {
    const std::string_view part = text.substr(0, text.find(','));
    goes_on = part.size() < text.size();
    std::int64_t& layer = layers.emplace_back();
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), layer);
    if (error != std::errc() || end != part.data() + part.size()) {
      throw UsageError("--layer: expected numbers of layers with commas between them, as 1,12 or -1, found '{}'", part);
    }
    text.remove_prefix(std::min(part.size() + 1, text.size()));
  }
  return layers;
}

void settle_choice(EmbedArguments& arguments) {
  inference::VectorChoice& choice = arguments.choice;
  if (arguments.layers) choice.layers = parse_layers(*arguments.layers);
  if (!arguments.tokens) {
    if (choice.with_attentions) throw UsageError("--attention is of pairs of tokens: give --tokens too");
    return;
  }
  if (choice.pooling) throw UsageError("--pooling has no effect with --tokens: each token has its own vector");
  choice.pooling = model::EmbeddingPooling::kNone;
}

/// Whether the vectors go to standard output, a line each.
bool writes_lines(const EmbedArguments& arguments) {
  if (arguments.options.output != "-") return false;
  if (arguments.tokens)
    throw UsageError("--output - prints a vector for each text; --tokens has files: name a .npy file");
  if (arguments.options.overwrite)
    throw UsageError("--overwrite has no effect with --output -, which is standard output");
  return true;
}

void embed(EmbedArguments& arguments) {
  settle_choice(arguments);
  const bool as_lines = writes_lines(arguments);
  const inference::ModelFolder folder = inference::open_model_folder(arguments.model);
  const model::Compute compute = inference::set_up_prediction(arguments.compute, folder.path);
  const auto opened = inference::open_embedding_model(folder, compute, arguments.choice);
  arguments.options.on_bad_record = arguments.on_bad_record.value_or(inference::BadRecord::kEmpty);
  const auto report =
      as_lines ? inference::embed_to_lines(opened, STDIN_FILENO, stdout, arguments.options, arguments.options.format)
               : inference::embed(opened, STDIN_FILENO, arguments.options);
  log_info("{}: {} of {}; {} cut to {} tokens", as_lines ? "standard output" : arguments.options.output.string(),
           arguments.tokens ? "vectors of the tokens" : "vectors", counted(report.num_records, "text"),
           counted(report.num_truncated, "text"), opened.origin.max_length);
  warn_of_bad_records(report, arguments.options.on_bad_record, "line", "lines");
}

}  // namespace

void add_embed_command(Command& program) {
  using inference::VectorFormat;
  auto arguments = std::make_shared<EmbedArguments>();
  Command command = program.add_subcommand(
      "embed", "Turn texts on standard input, or their tokens, into vectors: a .npy file [N, H]");
  command.example("albert embed --model run --output texts.npy < texts.txt");
  let_waiting_threads_sleep(command);
  accept_dash(command);
  command.add_option("--model", arguments->model, "Folder of a model, pretrained or fine-tuned, or of a run")
      .required();
  add_output(command, arguments->options.output, arguments->options.overwrite,
             "File for the vectors (.npy); the texts go beside it, to FILE.txt or FILE.jsonl. -: print them as they "
             "come, a JSON array a line")
      .required();
  add_pooling_option(command, arguments->choice.pooling);
  command
      .add_option(
          "--layer", arguments->layers,
          "Hidden states of these layers, side by side in a row: 0 is the embeddings, 1 the first layer, -1 the "
          "last, as output_hidden_states of Transformers has them [the last]")
      .type_name("N[,M...]");
  command.add_flag(
      "--tokens", arguments->tokens,
      "A row for each token, [CLS] and [SEP] too, as the model has it, not of length 1. The rows of text i "
      "are offsets[i] to offsets[i + 1] of FILE.npy.offsets.npy; FILE.npy.ids.npy holds the tokens' ids");
  command.add_flag("--attention", arguments->choice.with_attentions,
                   "With --tokens: the attention probabilities of the layers too, in FILE.npy.attention.npy: of each "
                   "text [layers, heads, tokens, tokens], end to end");
  add_choice(command, "--format", arguments->options.format,
             {{"text", VectorFormat::kText}, {"jsonl", VectorFormat::kJsonl}},
             "text: one text per line; jsonl: one object per line, with the text under \"text\"");
  add_bad_record_option(command, arguments->on_bad_record, "a vector of NaN and an empty text", "empty");
  add_batch_tokens(command, arguments->options.batch_tokens);
  add_prediction_options(command, arguments->compute);
  command.callback([arguments] { embed(*arguments); });
}

}  // namespace albert::cli
