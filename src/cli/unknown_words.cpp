#include "cli/unknown_words.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "config/fields.h"

namespace albert::cli {

namespace {

using Names = std::vector<std::string>;

/// "albert corpus".
std::string full_name(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  return parent ? full_name(*parent) + ' ' + app.get_name() : app.get_name();
}

[[noreturn]] void refuse(const CLI::App& app, std::string_view what, std::string_view word, const Names& known) {
  const std::string near = config::nearest(word, known);
  throw UsageError("{}: there is no {} '{}'{}; expected one of {} (see {} --help)", full_name(app), what, word,
                   near.empty() ? "" : fmt::format("; is it '{}'?", near), fmt::join(known, ", "), full_name(app));
}

/// Whether a word is to name a subcommand of `app`.
bool expects_subcommand(const CLI::App& app) {
  return app.get_require_subcommand_min() > 0;
}

const CLI::App& find_subcommand(const CLI::App& app, std::string_view word) {
  Names names;
  for (const CLI::App* subcommand : app.get_subcommands(nullptr)) {
    if (subcommand->get_name() == word) return *subcommand;
    names.push_back(subcommand->get_name());
  }
  refuse(app, "subcommand", word, names);
}

void check_option(const CLI::App& app, std::string_view word) {
  const std::string name(word.substr(0, word.find('=')));
  Names names;
  for (const CLI::Option* option : app.get_options()) {
    if (option->check_name(name)) return;
    for (const std::string& known : option->get_lnames()) names.push_back("--" + known);
  }
  refuse(app, "option", name, names);
}

}  // namespace

void check_words(const CLI::App& app, std::span<char* const> arguments) {
  const CLI::App* current = &app;
  for (const std::string_view word : arguments) {
    if (word == "--") return;  // positional ones only from here on
    if (word.starts_with("--")) {
      check_option(*current, word);
    } else if (!word.starts_with('-') && expects_subcommand(*current)) {
      current = &find_subcommand(*current, word);
    }
  }
}

}  // namespace albert::cli
