#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/log.h"
#include "base/progress.h"
#include "cli/choice_option.h"
#include "cli/commands.h"
#include "model/statistics.h"
#include "train/pretrain_config.h"

namespace albert::cli {

namespace {

constexpr std::int64_t kUsualVocabulary = 30000;

struct InfoOptions {
  std::filesystem::path path;
  std::int64_t batch_size = 32;
  std::int64_t sequence_length = 0;
  model::Precision precision = model::Precision::kFloat32;
  bool recompute = false;
  bool json = false;
};

/// What one kind of model costs.
struct Costs {
  model::ParameterCounts parameters;
  model::FlopCounts flops;
  model::TrainingMemory memory;
};

using Rows = std::vector<std::pair<std::string, double>>;

Rows parameter_rows(const model::ParameterCounts& counts) {
  const auto number = [](std::int64_t n) { return static_cast<double>(n); };
  return {{"embeddings", number(counts.embeddings)},
          {"embedding_mapping", number(counts.embedding_mapping)},
          {"layers", number(counts.layers)},
          {"pooler", number(counts.pooler)},
          {"masked_lm_head", number(counts.masked_lm_head)},
          {"sentence_order_head", number(counts.sentence_order_head)},
          {"total", number(counts.total())}};
}

Rows flop_rows(const model::FlopCounts& counts, bool recompute) {
  return {{"embedding_mapping", counts.embedding_mapping},
          {"layers", counts.layers},
          {"heads", counts.heads},
          {"forward", counts.forward()},
          {"training", counts.training(recompute)}};
}

Rows memory_rows(const model::TrainingMemory& memory) {
  return {{"parameters", memory.parameters},
          {"gradients", memory.gradients},
          {"optimizer", memory.optimizer},
          {"compute_copies", memory.compute_copies},
          {"activations", memory.activations},
          {"logits", memory.logits},
          {"total", memory.total()}};
}

nlohmann::ordered_json to_json(const Rows& rows) {
  nlohmann::ordered_json object;
  for (const auto& [name, value] : rows) object[name] = static_cast<std::int64_t>(value);
  return object;
}

nlohmann::ordered_json to_json(const Costs& costs, bool recompute) {
  return {{"parameters", to_json(parameter_rows(costs.parameters))},
          {"flops_per_token", to_json(flop_rows(costs.flops, recompute))},
          {"training_memory_bytes", to_json(memory_rows(costs.memory))}};
}

std::string count(double number) {
  return fmt::format("{:.0f}", number);
}
std::string mega(double number) {
  return fmt::format("{:.1f}", number / 1e6);
}
std::string bytes(double number) {
  return format_bytes(static_cast<std::uint64_t>(number));
}

void print_table(const char* title, const Rows& albert, const Rows& bert, std::string (*format)(double)) {
  fmt::print("\n{:<34}{:>14}{:>14}\n", title, "ALBERT", "BERT");
  for (std::size_t i = 0; i < albert.size(); ++i) {
    fmt::print("  {:<32}{:>14}{:>14}\n", albert[i].first, format(albert[i].second), format(bert[i].second));
  }
}

void print_text(const model::AlbertConfig& config, const model::Workload& workload, const Costs& albert,
                const Costs& bert) {
  fmt::print("{} layers of {} (intermediate {}, {} heads), embeddings of {}, vocabulary of {}\n",
             config.num_hidden_layers, config.hidden_size, config.intermediate_size, config.num_attention_heads,
             config.embedding_size, config.vocab_size);
  fmt::print("beside the BERT of the same shape, which shares no layers and has embeddings of {}\n",
             config.hidden_size);
  print_table("parameters", parameter_rows(albert.parameters), parameter_rows(bert.parameters), count);
  print_table("MFLOP a token", flop_rows(albert.flops, workload.recompute), flop_rows(bert.flops, workload.recompute),
              mega);
  print_table(fmt::format("training memory, {} x {} tokens", workload.num_sequences, workload.sequence_length).c_str(),
              memory_rows(albert.memory), memory_rows(bert.memory), bytes);
  fmt::print("\nSharing layers saves parameters, not operations: at the same shape ALBERT is no faster than BERT.\n");
}

void show_info(const InfoOptions& options) {
  model::AlbertConfig config = train::read_model_shape(options.path);
  if (config.vocab_size == 0) {
    config.vocab_size = kUsualVocabulary;
    log_info("the configuration leaves the size of the vocabulary open: computing with {}", kUsualVocabulary);
  }
  model::Workload workload{
      .num_sequences = options.batch_size, .precision = options.precision, .recompute = options.recompute};
  workload.sequence_length = options.sequence_length > 0 ? options.sequence_length : config.max_position_embeddings;
  const Costs albert{model::count_parameters(config), model::count_flops_per_token(config, workload),
                     model::estimate_training_memory(config, workload)};
  const Costs bert{model::count_bert_parameters(config), model::count_bert_flops_per_token(config, workload),
                   model::estimate_bert_training_memory(config, workload)};
  if (!options.json) return print_text(config, workload, albert, bert);
  const nlohmann::ordered_json result{{"batch_size", workload.num_sequences},
                                      {"sequence_length", workload.sequence_length},
                                      {"albert", to_json(albert, workload.recompute)},
                                      {"bert", to_json(bert, workload.recompute)}};
  fmt::print("{}\n", result.dump(2));
}

}  // namespace

void add_info_command(Command& program) {
  constexpr std::int64_t kMost = 65'536;  // of more, no 64 bits hold the memory
  auto options = std::make_shared<InfoOptions>();
  Command command = program.add_subcommand(
      "info", "Count the parameters, operations and memory of a model, beside those of a BERT of its shape");
  command.example("albert info run --batch-size 32 --sequence-length 128");
  command
      .add_option("model", options->path,
                  "Model folder, config.json, YAML file, or name of a recipe: base-v2, pretrain/base")
      .required()
      .or_standard_input()
      .type_name("RECIPE");
  command.add_option("--batch-size", options->batch_size, "Sequences in memory at a time")
      .within(1, kMost)
      .show_default();
  command
      .add_option("--sequence-length", options->sequence_length, "Tokens per sequence [the most that the model takes]")
      .within(1, kMost);
  add_choice(command, "--precision", options->precision,
             {{"float32", model::Precision::kFloat32}, {"bfloat16", model::Precision::kBFloat16}},
             "Number format of the matrix products");
  command.add_flag("--recompute", options->recompute, "Count as with train.recompute: less memory, more operations");
  command.add_flag("--json", options->json, "Print a JSON object, with memory in bytes");
  command.callback([options] { show_info(*options); });
}

}  // namespace albert::cli
