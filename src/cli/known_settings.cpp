#include "cli/known_settings.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "base/error.h"
#include "tasks/registry.h"
#include "train/finetune_config.h"
#include "train/pretrain_config.h"

namespace albert::cli {

namespace {

using Fields = std::vector<config::DescribedField>;

train::FinetuneConfig finetuning_of(const tasks::TaskType& type) {
  config::Configuration written;
  written.add_assignment(fmt::format("task.kind={}", type.name));
  config::Reader reader(written.root());
  train::FinetuneConfig config;
  config.fields(reader);
  return config;
}

/// Those of every kind of task, each once.
Fields finetune_settings_of_all_kinds() {
  Fields fields;
  std::set<std::string> keys;
  for (const tasks::TaskType* type : tasks::all_task_types()) {
    for (config::DescribedField& field : config::describe_fields(finetuning_of(*type))) {
      if (keys.insert(field.key).second) fields.push_back(std::move(field));
    }
  }
  return fields;
}

Fields finetune_settings(const std::string& config) {
  if (config.empty()) return finetune_settings_of_all_kinds();
  try {
    return config::describe_fields(train::read_finetune_config(config, {}).values);
  } catch (const Error&) {
    return finetune_settings_of_all_kinds();
  }
}

bool is_finetuning_recipe(const std::string& config) {
  return !config::find_recipes(config, {"finetune"}).empty();
}

Fields only(std::string_view prefix, Fields fields) {
  std::erase_if(fields, [prefix](const config::DescribedField& field) { return !field.key.starts_with(prefix); });
  return fields;
}

}  // namespace

std::vector<std::string_view> recipe_folders(std::string_view command) {
  if (command == "albert pretrain") return {"pretrain"};
  if (command == "albert finetune" || command == "albert score") return {"finetune"};
  if (command == "albert info") return {"model", "pretrain"};
  if (command == "albert config show") return {"finetune", "pretrain", "model"};
  return {"finetune", "pretrain"};
}

std::vector<config::DescribedField> known_settings(const std::string& command, const std::string& config) {
  if (command == "albert corpus show") return only("data.", config::describe_fields(train::PretrainConfig{}));
  if (command == "albert pretrain") return config::describe_fields(train::PretrainConfig{});
  if (command == "albert finetune") return finetune_settings(config);
  if (command.starts_with("albert config")) {
    return is_finetuning_recipe(config) ? finetune_settings(config) : config::describe_fields(train::PretrainConfig{});
  }
  return only("task.", finetune_settings(config));
}

}  // namespace albert::cli
