#include "cli/unknown_words.h"

#include <string>
#include <string_view>
#include <vector>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/shown.h"
#include "base/utf8.h"
#include "config/fields.h"

namespace albert::cli {

namespace {

using Names = std::vector<std::string>;

[[noreturn]] void refuse(const Command& command, std::string_view what, std::string_view word, const Names& known) {
  const std::string near = config::nearest(word, known);
  throw UsageError("{}: there is no {} '{}'{}; expected one of {} (see {} --help)", command.full_name(), what, word,
                   near.empty() ? "" : fmt::format("; is it '{}'?", near), fmt::join(known, ", "), command.full_name());
}

void check_option(const Command& command, std::string_view word) {
  const std::string name(word.substr(0, word.find('=')));
  if (!command.has_option(name)) refuse(command, "option", name, command.options());
}

/// Throws UsageError for the first word that is no UTF-8.
void check_encoding(const Command& program, std::span<char* const> arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (is_utf8(arguments[i])) continue;
    throw UsageError(
        "{}: argument {}: expected UTF-8, found '{}'; rename the file or folder, or write the text in UTF-8",
        program.full_name(), i + 1, printable(arguments[i]));
  }
}

}  // namespace

void check_words(const Command& program, std::span<char* const> arguments) {
  check_encoding(program, arguments);
  Command current = program;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view word = arguments[i];
    if (word == "--") return;  // positional ones only from here on
    if (word.starts_with("--")) {
      check_option(current, word);
      if (word.find('=') == std::string_view::npos && current.takes_value(std::string(word))) ++i;
    } else if (!word.starts_with('-') && current.needs_subcommand()) {
      const auto found = current.find_subcommand(std::string(word));
      if (!found) refuse(current, "subcommand", word, current.subcommands());
      current = *found;
    }
  }
}

}  // namespace albert::cli
