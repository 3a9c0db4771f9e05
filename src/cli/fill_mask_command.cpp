#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/stream_lines.h"
#include "cli/commands.h"
#include "cli/compute_options.h"
#include "cli/sleeping_threads.h"
#include "cli/standard_input.h"
#include "inference/fill_mask.h"
#include "inference/open_model.h"
#include "inference/precision_choice.h"
#include "tasks/common/decoding.h"
#include "tasks/common/float_digits.h"
#include "text/whitespace.h"

namespace albert::cli {

namespace {

struct FillMaskOptions {
  std::filesystem::path model;
  std::string text;
  std::int64_t top_k = 5;
  bool iterative = false;
  inference::IterativeOptions iteration;  // its top_k is the one above
  bool json = false;
  model::ComputeConfig compute;
};

void print_text(const std::vector<inference::FilledMask>& masks) {
  for (const inference::FilledMask& mask : masks) {
    fmt::print("[MASK] at position {}:\n", mask.position);
    for (const auto& candidate : mask.predictions) {
      fmt::print("  {:5.1f}%  {}\n", 100 * candidate.probability, candidate.token);
    }
  }
}

void print_json(const std::vector<inference::FillStep>& steps) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const auto& [position, chosen, text] : steps) {
    list.push_back({{"position", position},
                    {"id", chosen.id},
                    {"token", chosen.token},
                    {"probability", tasks::float_digits(chosen.probability)},
                    {"text", text}});
  }
  const nlohmann::ordered_json object{{"text", steps.back().text}, {"steps", std::move(list)}};
  fmt::print("{}\n", object.dump(2));
}

void fill_mask(FillMaskOptions& options) {
  if (options.text == "-") {
    options.text = text::trim(read_file(input_path("-", /*is_read_once=*/true), StreamLines::kMaxLineBytes));
  }
  tasks::check_utf8(options.text, {.file = "the text", .line = 0, .id = {}});
  const inference::ModelFolder folder = inference::open_model_folder(options.model);
  const model::Compute compute = inference::set_up_prediction(options.compute, folder.path);
  const inference::PretrainingModel loaded = inference::open_pretraining_model(folder, compute);
  if (options.iterative) {
    const auto steps = inference::fill_iteratively(*loaded.model, *loaded.tokenizer, options.text, options.iteration);
    if (!options.json) return fmt::print("{}\n", steps.back().text);
    return print_json(steps);
  }
  const auto masks = inference::fill_mask(*loaded.model, *loaded.tokenizer, options.text, options.top_k);
  options.json ? fmt::print("{}\n", inference::to_json(masks).dump(2)) : print_text(masks);
}

void add_iterative_options(Command& command, FillMaskOptions& options) {
  const Option iterative = command.add_flag("--iterative", options.iterative,
                                            "Fill the masks one after another, the surest first, and print the text");
  const Option sample =
      command.add_flag("--sample", options.iteration.sample, "With --iterative: draw the pieces at random")
          .needs(iterative);
  command
      .add_option("--temperature", options.iteration.temperature,
                  "With --sample: draws are safer below 1, wilder above 1")
      .positive()
      .needs(sample)
      .show_default();
  command.add_option("--seed", options.iteration.seed, "With --sample: seed of the random numbers")
      .needs(sample)
      .show_default();
}

void settle_iteration(const Command& command, FillMaskOptions& options) {
  if (!options.iterative || !command.has("--top-k")) return;
  if (!options.iteration.sample) throw UsageError("--top-k has no effect with --iterative unless --sample is given");
  options.iteration.top_k = options.top_k;
}

}  // namespace

void add_fill_mask_command(Command& program) {
  auto options = std::make_shared<FillMaskOptions>();
  Command command = program.add_subcommand("fill-mask", "Predict the words that each [MASK] of a text hides");
  command.example("albert fill-mask --model run \"The [MASK] of the matter.\"");
  let_waiting_threads_sleep(command);
  command.add_option("--model", options->model, "Folder of a pretrained model, or of its run").required();
  command.add_option("text", options->text, "A text with one [MASK] or more; -: standard input holds it").required();
  command.add_option("--top-k", options->top_k, "Predictions per mask; with --sample the pieces to draw from [all]")
      .positive()
      .show_default();
  add_iterative_options(command, *options);
  command.add_flag("--json", options->json,
                   "Print a JSON list with one object per mask; with --iterative the text and every step");
  add_prediction_options(command, options->compute);
  command.callback([options, command] {
    settle_iteration(command, *options);
    fill_mask(*options);
  });
}

}  // namespace albert::cli
