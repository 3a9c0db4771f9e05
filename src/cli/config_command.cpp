#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/shown.h"
#include "cli/commands.h"
#include "config/recipes.h"
#include "optim/optimizer_config.h"
#include "optim/schedule.h"
#include "train/finetune_config.h"
#include "train/pretrain_config.h"
#include "train/stages.h"

namespace albert::cli {

namespace {

/// What every subcommand of `config` reads: the same arguments as `albert pretrain` and `albert finetune`.
struct ConfigOptions {
  std::filesystem::path file;
  std::vector<std::string> assignments;
};

/// Whether a configuration is one of `albert finetune`: only those have a task.
bool has_task(const ConfigOptions& options) {
  const auto sets_task = [](const std::string& assignment) { return assignment.starts_with("task."); };
  if (std::ranges::any_of(options.assignments, sets_task)) return true;
  if (options.file.empty()) return false;
  return config::read_configuration(options.file, {"finetune", "pretrain"}).find("task") != nullptr;
}

/// Reads a configuration of either kind and hands it to `action`, which takes both.
template <typename Action>
void read(const ConfigOptions& options, const Action& action) {
  if (has_task(options)) {
    action(train::read_finetune_config(options.file, options.assignments));
  } else {
    action(train::read_pretrain_config(options.file, options.assignments));
  }
}

/// Adds a subcommand that reads a configuration and hands it to `action`.
/// \return the subcommand
template <typename Action>
Command add_reader(Command& parent, const char* name, const char* help, Action action) {
  auto options = std::make_shared<ConfigOptions>();
  Command command = parent.add_subcommand(name, help);
  command
      .add_option("file,--config", options->file,
                  "Recipe by its name, as in `albert config list`, or YAML file (- is standard input) [pretraining, "
                  "every value its default]")
      .or_standard_input()
      .type_name("RECIPE");
  command.add_option("--set", options->assignments, "KEY=VALUE over the file; may be repeated")
      .one_at_a_time()
      .type_name("KEY=VALUE");
  command.callback([options, action] { read(*options, action); });
  return command;
}

/// \return the places in the run at which the model becomes deeper or its sequences longer
std::vector<std::int64_t> print_stages(train::PretrainConfig config, const train::TrainingConfig& training) {
  config.training = training;
  const train::Stages stages(config);
  const std::string table = describe(stages);
  if (!table.empty()) fmt::print("{}\n", table);
  return stages.borders();
}
std::vector<std::int64_t> print_stages(const train::FinetuneConfig& /*config*/, const train::TrainingConfig&) {
  return {};
}

template <typename Config>
void print_schedule(const Config& config) {
  train::TrainingConfig training = config.training;
  if (training.train.steps == 0 && !training.train.follows_clock()) {
    throw UsageError("train.steps is 0: how long the run is follows from its data; give --set train.steps=N");
  }
  training.settle_length([&](double /*epochs*/) { return training.train.steps; });
  const optim::Schedule schedule(training.schedule, training.optimizer.learning_rate, training.train.length(),
                                 print_stages(config, training));
  fmt::print("{}", optim::describe(schedule));
}

/// The rule for the learning rate is one of pretraining.
void warn_of_rate(const train::WrittenPretrainConfig& config) {
  const train::TrainingConfig& training = config.values.training;
  if (const auto warning = optim::learning_rate_warning(training.optimizer, training.train.batch_size,
                                                        config.values.model.hidden_size)) {
    log_warning("{}", *warning);
  }
}
void warn_of_rate(const train::WrittenFinetuneConfig& /*config*/) {}

void validate(const std::vector<std::filesystem::path>& files) {
  if (files.empty()) throw UsageError("name a configuration, as in `albert config validate sst2`");
  std::size_t num_wrong = 0;
  for (const auto& file : files) {
    try {
      read({file, {}}, [](const auto& /*config*/) {});
      fmt::print("{}: in order\n", printable(file.string()));
    } catch (const Error& error) {
      const std::string problem = error.what();
      const std::string message =
          problem.starts_with(file.string() + ":") ? problem : fmt::format("{}: {}", file.string(), problem);
      if (files.size() == 1) throw UsageError("{}", message);
      log_error("{}", message);
      ++num_wrong;
    }
  }
  if (num_wrong > 0) throw UsageError("{} of {} configurations have mistakes", num_wrong, files.size());
}

void list_recipes() {
  std::size_t width = 0;
  for (const config::Recipe& recipe : config::recipes()) width = std::max(width, recipe.name.size());
  std::string_view folder;
  for (const config::Recipe& recipe : config::recipes()) {
    if (recipe.folder != folder) fmt::print("{}{}\n", folder.empty() ? "" : "\n", recipe.folder);
    folder = recipe.folder;
    fmt::print("  {:<{}}  {}\n", recipe.name, width, recipe.summary());
  }
}

}  // namespace

void add_config_command(Command& program) {
  Command config = program.add_subcommand("config", "Look at a configuration without running it");
  config.example("albert config print --help");
  config.require_subcommand();
  Command list = config.add_subcommand("list", "List the recipes that the program holds, each with what it is for");
  list.example("albert config list");
  list.callback(list_recipes);
  auto recipe = std::make_shared<std::string>();
  Command show = config.add_subcommand("show", "Print a recipe, to begin a configuration of your own with");
  show.example("albert config show sst2 > own.yaml");
  show.add_option("recipe", *recipe, "Name as in `albert config list`: sst2, or finetune/sst2")
      .required()
      .type_name("RECIPE");
  show.callback([recipe] { fmt::print("{}", config::recipe_named(*recipe, {"finetune", "pretrain", "model"}).text); });
  add_reader(config, "print", "Print the resolved values as YAML, with where each was written", [](const auto& values) {
    fmt::print("{}", values.to_yaml(/*with_origins=*/true));
  }).example("albert config print sst2 --set train.steps=1000");
  auto files = std::make_shared<std::vector<std::filesystem::path>>();
  Command validate_command = config.add_subcommand("validate", "Check configurations; lists every mistake");
  validate_command.example("albert config validate sst2 base");
  validate_command
      .add_option("file,--config", *files,
                  "Recipes by their names, as in `albert config list`, or YAML files (- is standard input)")
      .or_standard_input()
      .type_name("RECIPE...");
  validate_command.callback([files] { validate(*files); });
  add_reader(config, "schedule", "What changes over a run: the learning rate, as a table and a plot, and what grows",
             [](const auto& values) {
               print_schedule(values.values);
               warn_of_rate(values);
             })
      .example("albert config schedule base --set train.batch_size=512");
}

}  // namespace albert::cli
