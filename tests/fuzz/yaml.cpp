// An input is a configuration in YAML, and behind kSeparator an assignment of --set a line.

#include <array>

#include "config/configuration.h"
#include "fuzz.h"
#include "input_file.h"
#include "model/config.h"
#include "optim/optimizer_config.h"
#include "optim/schedule.h"
#include "parallel/config.h"
#include "tasks/definition.h"

namespace albert::fuzz {

namespace {

/// What a training's configuration has of the components that need no tensor.
struct Settings {
  tasks::TaskConfig task = {};
  model::AlbertConfig model = {};
  optim::OptimizerConfig optimizer = {};
  optim::ScheduleConfig schedule = {};
  parallel::ParallelConfig parallel = {};

  void fields(config::Fields& f) {
    f.group("task", task, "the task");
    f.group("model", model, "the model");
    f.group("optimizer", optimizer, "the optimizer");
    f.group("schedule", schedule, "the schedule");
    f.group("parallel", parallel, "the ranks");
  }
  void check(config::Checks& c) const {
    task.check(c);
    model.check(c);
    optimizer.check(c);
    schedule.check(c);
  }
};

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

void read(std::string_view input) {
  const std::vector<std::string_view> parts = parts_of(input);
  config::Node tree = config::parse_text(std::string(parts.front()), {.file = "run.yaml"});
  const std::string written = config::to_yaml(tree);
  require(config::to_yaml(config::parse_text(written, {.file = "run.yaml"})) == written);
  config::flatten(tree);
  config::Configuration configuration;
  configuration.add_tree(std::move(tree));
  configuration.refuse_kind({.keys = {"data"}, .command = "pretrain"});
  if (parts.size() > 1) {
    for (const std::string& line : lines_of(parts.back())) configuration.add_assignment(line);
  }
  const auto settings = configuration.read<Settings>();
  config::to_yaml(config::to_node(settings, &configuration.root()), /*with_origins=*/true);
}

}  // namespace albert::fuzz
