#include "cli/man_page.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <string_view>
#include <vector>

#include <spdlog/fmt/ranges.h>

#include "base/atomic_file.h"
#include "base/file.h"
#include "base/utf8.h"
#include "cli/version.h"

namespace albert::cli {

namespace {

/// "albert-corpus-build" of "albert corpus build"
std::string page_name(std::string name) {
  std::ranges::replace(name, ' ', '-');
  return name;
}

/// How roff is told a character that it would take for something else: a hyphen that can be copied, a quote that stays
/// straight, one beyond ASCII. Empty of all others.
std::string escape_of(std::int32_t c) {
  switch (c) {
    case '\\':
      return "\\e";
    case '-':
      return "\\-";
    case '\'':
      return "\\(aq";
    case '`':
      return "\\(ga";
    case '^':
      return "\\(ha";
    case '~':
      return "\\(ti";
    default:
      return c < 0x80 ? "" : fmt::format("\\[u{:04X}]", c);
  }
}

/// A text as roff shows it letter by letter, also where a line begins with a dot.
std::string escaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::int32_t c = pop_front(text);
    if (c == '.' && (out.empty() || out.back() == '\n')) out += "\\&";
    const std::string escape = escape_of(c);
    if (escape.empty()) {
      append_code_point(c, out);
    } else {
      out += escape;
    }
  }
  return out;
}

std::string title_of(const Command& command) {
  std::string title = page_name(command.full_name());
  std::ranges::transform(title, title.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return title;
}

std::vector<OptionInfo> infos_of(const Command& command, bool are_positions) {
  std::vector<OptionInfo> infos = command.option_infos();
  std::erase_if(infos,
                [=](const OptionInfo& info) { return (are_positions ? info.position.empty() : info.names.empty()); });
  return infos;
}

std::string synopsis(const Command& command) {
  std::string line = fmt::format(".B {}\n", escaped(command.full_name()));
  for (const OptionInfo& info : infos_of(command, false)) {
    if (info.is_required)
      line += fmt::format("\\fB{}\\fR \\fI{}\\fR\n", escaped(info.names.back()), escaped(info.value));
  }
  line += "[\\fIoptions\\fR]\n";
  for (const OptionInfo& info : infos_of(command, true)) {
    const std::string name = fmt::format("\\fI{}\\fR", escaped(info.position));
    line += info.is_required ? name + '\n' : fmt::format("[{}]\n", name);
  }
  if (command.needs_subcommand()) line += "\\fIcommand\\fR\n";
  return line;
}

std::string described(const std::string& head, const OptionInfo& info) {
  const std::string otherwise = info.default_value.empty() ? "" : fmt::format(" [{}]", escaped(info.default_value));
  return fmt::format(".TP\n{}{}\n{}{}\n", head, info.is_required ? " (required)" : "", escaped(info.help), otherwise);
}

std::string options(const Command& command) {
  std::string text;
  for (const OptionInfo& info : infos_of(command, true)) {
    if (text.empty()) text += ".SH ARGUMENTS\n";
    text += described(fmt::format("\\fI{}\\fR", escaped(info.position)), info);
  }
  text += ".SH OPTIONS\n";
  for (const OptionInfo& info : infos_of(command, false)) {
    const std::string value = info.value.empty() ? "" : fmt::format(" \\fI{}\\fR", escaped(info.value));
    text +=
        described(fmt::format("\\fB{}\\fR{}", escaped(fmt::format("{}", fmt::join(info.names, ", "))), value), info);
  }
  return text;
}

std::string subcommands(const Command& command) {
  std::string text;
  for (const std::string& name : command.subcommands()) {
    if (text.empty()) text += ".SH COMMANDS\n";
    text += fmt::format(".TP\n\\fB{}\\fR\n{}\n", escaped(name), escaped(command.find_subcommand(name)->description()));
  }
  return text;
}

std::string examples(const Command& command) {
  const std::string lines = command.examples();
  return lines.empty() ? "" : fmt::format(".SH EXAMPLES\n.EX\n{}\n.EE\n", escaped(lines));
}

/// The pages of the commands within it and of the one above.
std::string see_also(const Command& command) {
  std::vector<std::string> names;
  const std::string own = command.full_name();
  if (const std::size_t space = own.rfind(' '); space != std::string::npos)
    names.push_back(page_name(own.substr(0, space)));
  for (const std::string& name : command.subcommands()) names.push_back(page_name(fmt::format("{} {}", own, name)));
  std::string text = ".SH \"SEE ALSO\"\n";
  for (const std::string& name : names) text += fmt::format(".BR {} (1),\n", escaped(name));
  return text + ".B albert help\n";
}

void write_page(const Command& command, const std::filesystem::path& folder) {
  write_file_atomically(folder / (page_name(command.full_name()) + ".1"), man_page(command));
  for (const std::string& name : command.subcommands()) write_page(*command.find_subcommand(name), folder);
}

}  // namespace

std::string man_page(const Command& command) {
  return fmt::format(
             ".TH {} 1 {} \"albert {}\" albert\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n{}.SH DESCRIPTION\n{}.\n{}{}{}",
             escaped(title_of(command)), build_date().empty() ? "\"\"" : build_date(), ALBERT_VERSION,
             escaped(page_name(command.full_name())), escaped(command.description()), synopsis(command),
             escaped(command.description()), options(command), subcommands(command), examples(command)) +
         see_also(command);
}

void write_man_pages(const Command& program, const std::filesystem::path& folder) {
  make_folder(folder);
  write_page(program, folder);
}

}  // namespace albert::cli
