#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/log.h"
#include "cli/commands.h"
#include "optim/learning_rate_rule.h"
#include "optim/schedule_report.h"
#include "train/pretrain_config.h"

namespace albert::cli {

namespace {

/// What every subcommand of `config` reads: the same arguments as `albert pretrain`.
struct ConfigOptions {
  std::filesystem::path file;
  std::vector<std::string> assignments;
};

/// Adds a subcommand that reads a configuration and hands it to `action`.
template <typename Action>
CLI::App* add_reader(CLI::App& parent, const char* name, const char* help, Action action) {
  auto options = std::make_shared<ConfigOptions>();
  CLI::App* command = parent.add_subcommand(name, help);
  command->add_option("--config", options->file, "YAML file, as in configs/pretrain [every value its default]");
  command->add_option("--set", options->assignments, "KEY=VALUE over the file; may be repeated")
      ->allow_extra_args(false);
  command->callback([options, action] { action(train::read_pretrain_config(options->file, options->assignments)); });
  return command;
}

void print_schedule(const train::WrittenConfig& config) {
  const train::TrainingConfig& training = config.values.training;
  const optim::Schedule schedule(training.schedule, training.optimizer.learning_rate, training.train.steps);
  fmt::print("{}", optim::describe(schedule));
  if (const auto warning = optim::learning_rate_warning(training.optimizer, training.train.batch_size)) {
    spdlog::warn("{}", *warning);
  }
}

}  // namespace

void add_config_command(CLI::App& app) {
  CLI::App* config = app.add_subcommand("config", "Look at a configuration without running it");
  config->require_subcommand(1);
  add_reader(*config, "schedule", "The learning rate of every update, as a table and a plot", print_schedule);
}

}  // namespace albert::cli
