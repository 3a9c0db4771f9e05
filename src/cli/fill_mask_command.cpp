#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/precision_option.h"
#include "cli/sleeping_threads.h"
#include "inference/open_model.h"
#include "tasks/fill_mask.h"

namespace albert::cli {

namespace {

struct FillMaskOptions {
  std::filesystem::path model;
  std::string text;
  std::int64_t top_k = 5;
  bool json = false;
  model::Precision precision = model::Precision::kFloat32;
};

void print_json(const std::vector<tasks::FilledMask>& masks) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const tasks::FilledMask& mask : masks) {
    nlohmann::ordered_json predictions = nlohmann::ordered_json::array();
    for (const auto& [id, token, probability] : mask.predictions) {
      predictions.push_back({{"id", id}, {"token", token}, {"probability", probability}});
    }
    list.push_back({{"position", mask.position}, {"predictions", std::move(predictions)}});
  }
  fmt::print("{}\n", list.dump(2));
}

void print_text(const std::vector<tasks::FilledMask>& masks) {
  for (const tasks::FilledMask& mask : masks) {
    fmt::print("[MASK] at position {}:\n", mask.position);
    for (const auto& candidate : mask.predictions) {
      fmt::print("  {:5.1f}%  {}\n", 100 * candidate.probability, candidate.token);
    }
  }
}

void run(const FillMaskOptions& options) {
  const inference::PretrainingModel loaded = inference::open_pretraining_model(options.model);
  const auto masks = tasks::fill_mask(*loaded.model, *loaded.tokenizer, options.text, options.top_k, options.precision);
  options.json ? print_json(masks) : print_text(masks);
}

}  // namespace

void add_fill_mask_command(CLI::App& app) {
  auto options = std::make_shared<FillMaskOptions>();
  CLI::App* command = app.add_subcommand("fill-mask", "Predict the words behind every [MASK] of a text");
  let_waiting_threads_sleep(*command);
  command->add_option("--model", options->model, "Model folder: config.json, model.safetensors and the tokenizer")
      ->required();
  command->add_option("text", options->text, "Text with one or more [MASK]")->required();
  command->add_option("--top-k", options->top_k, "Predictions per mask")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_flag("--json", options->json, "A JSON list with one object per mask");
  add_precision_option(*command, options->precision);
  command->callback([options] { run(*options); });
}

}  // namespace albert::cli
