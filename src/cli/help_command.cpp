#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/man_page.h"
#include "cli/named_text.h"
#include "config/fields.h"

namespace albert::cli {

namespace {

struct HelpOptions {
  std::vector<std::string> words;
  std::optional<std::filesystem::path> man;
};

void list_topics() {
  std::size_t width = 0;
  for (const NamedText& topic : help_topics()) width = std::max(width, topic.name.size());
  fmt::print("Topics, for albert help TOPIC:\n");
  for (const NamedText& topic : help_topics()) {
    fmt::print("  {:<{}}  {}\n", topic.name, width, topic.text.substr(0, topic.text.find('\n')));
  }
  fmt::print("`albert --help` lists the commands, and `albert COMMAND --help` the options of one.\n");
}

/// The command that the words name, as `corpus build` does.
std::optional<Command> find_command(Command command, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    const auto found = command.find_subcommand(word);
    if (!found) return std::nullopt;
    command = *found;
  }
  return command;
}

[[noreturn]] void refuse(const Command& program, const std::string& name) {
  std::vector<std::string> names;
  for (const NamedText& topic : help_topics()) names.emplace_back(topic.name);
  std::vector<std::string> known = names;
  std::ranges::copy(program.subcommands(), std::back_inserter(known));
  const std::string near = config::nearest(name, known);
  throw UsageError("there is no topic or command '{}'{}; the topics are {}", name,
                   near.empty() ? "" : fmt::format("; is it '{}'?", near), fmt::join(names, ", "));
}

void help(const Command& program, const HelpOptions& options) {
  if (options.man && !options.words.empty()) {
    throw UsageError("--man writes the pages of all commands: leave out '{}'", fmt::join(options.words, " "));
  }
  if (options.man) return write_man_pages(program, *options.man);
  if (options.words.empty()) return list_topics();
  const std::string name = fmt::format("{}", fmt::join(options.words, " "));
  if (const NamedText* topic = find_text(help_topics(), name)) {
    fmt::print("{}", topic->text);
  } else if (const auto command = find_command(program, options.words)) {
    fmt::print("{}", command->help());
  } else {
    refuse(program, name);
  }
}

}  // namespace

void add_help_command(Command& program) {
  auto options = std::make_shared<HelpOptions>();
  Command command =
      program.add_subcommand("help", "Explain a topic: data formats, precision, resuming, exit codes, ...");
  command.example("albert help exit-codes");
  command.add_option("topic", options->words, "A topic, or the words of a command [a list of the topics]")
      .type_name("TOPIC");
  command.add_option("--man", options->man, "Write a manual page of every command into this folder instead")
      .type_name("DIR");
  command.callback([program, options] { help(program, *options); });
}

}  // namespace albert::cli
