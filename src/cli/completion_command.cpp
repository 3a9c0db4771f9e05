#include <memory>
#include <string>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "cli/commands.h"
#include "cli/named_text.h"

namespace albert::cli {

void add_completion_command(Command& program) {
  auto shell = std::make_shared<std::string>();
  Command command = program.add_subcommand(
      "completion", "Print a script that lets a shell complete commands, options, recipes, settings and files");
  command.example("albert completion bash > ~/.local/share/bash-completion/completions/albert");
  std::vector<std::string> names;
  for (const NamedText& script : completion_scripts()) names.emplace_back(script.name);
  command
      .add_choice(
          "shell", names, [shell](const std::string& given) { *shell = given; }, "The shell")
      .required();
  command.callback([shell] { fmt::print("{}", find_text(completion_scripts(), *shell)->text); });
}

}  // namespace albert::cli
