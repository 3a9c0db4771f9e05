#include "cli/completion.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include <spdlog/fmt/fmt.h>

#include "cli/known_settings.h"
#include "cli/named_text.h"
#include "config/recipes.h"

namespace albert::cli {

namespace {

/// What the scripts call: no subcommand, so that no help shows it.
constexpr std::string_view kComplete = "__complete";

/// What is known of a command line before its last word.
struct Situation {
  Command command;
  std::optional<OptionInfo> option = {};  ///< whose value the last word may be
  bool must_be_value = false;             ///< and nothing else
  std::size_t num_positions = 0;          ///< positional arguments so far
  bool is_behind_dashes = false;          ///< nothing is an option
  std::string config = {};                ///< the value of --config or --task
};

std::optional<OptionInfo> find_option(const Command& program, const Command& command, std::string_view name) {
  for (const Command& owner : {command, program}) {
    for (OptionInfo& info : owner.option_infos()) {
      if (std::ranges::find(info.names, name) != info.names.end()) return std::move(info);
    }
  }
  return std::nullopt;
}

void take_value(const std::string& word, Situation& now) {
  for (const std::string& name : now.option->names) {
    if (name == "--config" || name == "--task") now.config = word;
  }
  now.must_be_value = false;
  if (!now.option->takes_many) now.option.reset();
}

void take_option(const Command& program, const std::string& word, Situation& now) {
  if (word == "--") {
    now.is_behind_dashes = true;
    now.option.reset();
    return;
  }
  const std::size_t equals = word.find('=');
  now.option = find_option(program, now.command, std::string_view(word).substr(0, equals));
  if (now.option && now.option->value.empty()) now.option.reset();
  now.must_be_value = now.option && equals == std::string::npos;
  if (equals == std::string::npos) return;
  if (now.option) take_value(word.substr(equals + 1), now);
  now.option.reset();
}

void take_position(const std::string& word, Situation& now) {
  if (const auto subcommand = now.command.find_subcommand(word); subcommand && !now.is_behind_dashes) {
    now.command = *subcommand;
  } else if (now.num_positions++ == 0 && now.config.empty()) {
    now.config = word;  // `albert config print sst2`
  }
}

Situation situation_behind(const Command& program, std::span<const std::string> words) {
  Situation now{.command = program};
  for (const std::string& word : words) {
    const bool is_option = !now.is_behind_dashes && word.starts_with('-') && word.size() > 1;
    if (now.must_be_value || (now.option && !is_option)) {
      take_value(word, now);
    } else if (is_option) {
      take_option(program, word, now);
    } else {
      take_position(word, now);
    }
  }
  return now;
}

/// Adds those that begin with what is there.
class Adder {
 public:
  /// \param prefix stands before each candidate: "--precision="
  Adder(Completion& completion, std::string_view given, std::string prefix)
      : completion_(completion), given_(given), prefix_(std::move(prefix)) {}

  void operator()(std::string_view word, std::string_view help = {}) const {
    if (word.starts_with(given_)) completion_.candidates.push_back({prefix_ + std::string(word), std::string(help)});
  }
  void files() const { completion_.takes_files = true; }
  std::string_view given() const { return given_; }
  Adder behind(std::string_view part) const {
    return {completion_, given_.substr(part.size()), prefix_ + std::string(part)};
  }

 private:
  Completion& completion_;
  std::string_view given_;
  std::string prefix_;
};

void add_choices(std::string_view choices, const Adder& add) {
  for (bool goes_on = true; goes_on;) {
    const std::string_view choice = choices.substr(0, choices.find('|'));
    goes_on = choice.size() < choices.size();
    add(choice);
    choices.remove_prefix(std::min(choice.size() + 1, choices.size()));
  }
}

/// Those of the folders that the command reads, by the names that it knows them by.
void add_recipes(const Command& command, const Adder& add) {
  const std::vector<std::string_view> folders = recipe_folders(command.full_name());
  for (const config::Recipe& recipe : config::recipes()) {
    if (std::ranges::find(folders, recipe.folder) == folders.end()) continue;
    const bool is_unique = config::find_recipes(recipe.name, {"finetune", "pretrain", "model"}).size() == 1;
    add(is_unique || folders.size() == 1 ? std::string(recipe.name) : recipe.full_name(), recipe.summary());
  }
  add.files();
}

void add_settings(const Situation& now, const Adder& add) {
  const std::string_view given = add.given();
  const std::size_t equals = given.find('=');
  for (const config::DescribedField& field : known_settings(now.command.full_name(), now.config)) {
    if (equals == std::string_view::npos) {
      add(field.key + '=', field.help);
    } else if (given.substr(0, equals) == field.key) {
      for (const std::string& value : field.values) add.behind(given.substr(0, equals + 1))(value);
      if (field.is_path) add.files();
    }
  }
}

void add_values(const Situation& now, std::string_view kind, const Adder& add) {
  if (kind.ends_with("...")) kind.remove_suffix(3);
  if (kind.ends_with("PATH") || kind == "DIR" || kind == "FILE") return add.files();
  if (kind == "RECIPE") return add_recipes(now.command, add);
  if (kind.starts_with("KEY=VALUE")) return add_settings(now, add);
  if (kind == "TOPIC") {
    for (const NamedText& topic : help_topics()) add(topic.name, topic.text.substr(0, topic.text.find('\n')));
  } else if (kind.find('|') != std::string_view::npos) {
    add_choices(kind, add);
  }
}

void add_options(const Command& program, const Command& command, const Adder& add) {
  std::vector<OptionInfo> infos = command.option_infos();
  if (command.full_name() != program.full_name()) std::ranges::move(program.option_infos(), std::back_inserter(infos));
  for (const OptionInfo& info : infos) {
    for (const std::string& name : info.names) add(name, info.help);
  }
}

/// What a word that is no option may be.
void add_positions(const Command& program, const Situation& now, const Adder& add) {
  if (now.command.needs_subcommand() && !now.is_behind_dashes) {
    for (const std::string& name : now.command.subcommands())
      add(name, now.command.find_subcommand(name)->description());
    return;
  }
  std::size_t place = 0;
  for (const OptionInfo& info : now.command.option_infos()) {
    if (info.position.empty()) continue;
    if (place++ == now.num_positions || info.takes_many) return add_values(now, info.value, add);
  }
  if (add.given().empty()) add_options(program, now.command, add);
}

}  // namespace

Completion complete(const Command& program, std::span<const std::string> words) {
  Completion completion;
  const std::string word = words.empty() ? "" : words.back();
  const Situation now = situation_behind(program, words.first(words.empty() ? 0 : words.size() - 1));
  const Adder add(completion, word, "");
  const std::size_t equals = word.find('=');
  if (now.must_be_value) {
    add_values(now, now.option->value, add);
  } else if (!word.starts_with('-') || now.is_behind_dashes) {
    if (now.option) add_values(now, now.option->value, add);
    add_positions(program, now, add);
  } else if (equals == std::string::npos) {
    add_options(program, now.command, add);
  } else if (const auto option = find_option(program, now.command, word.substr(0, equals))) {
    add_values(now, option->value, add.behind(std::string_view(word).substr(0, equals + 1)));
  }
  return completion;
}

bool print_completion(const Command& program, std::span<char* const> words) {
  if (words.size() < 2 || words[0] != kComplete || std::string_view(words[1]) != "--") return false;
  const std::vector<std::string> asked(words.begin() + 2, words.end());
  fmt::print("{}", to_lines(complete(program, asked)));
  return true;
}

std::string to_lines(const Completion& completion) {
  std::string lines;
  for (const Candidate& candidate : completion.candidates) {
    lines += candidate.help.empty() ? candidate.word + '\n' : fmt::format("{}\t{}\n", candidate.word, candidate.help);
  }
  if (completion.takes_files) lines += ":files\n";
  return lines;
}

}  // namespace albert::cli
