#include "cli/command.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

#include <CLI/CLI.hpp>
#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/shown.h"
#include "cli/standard_input.h"

namespace albert::cli {

namespace {

/// A check that the text is a number that fits; `bounds` says in words which do. As a transformation, though it changes
/// nothing, it comes before the check of whole numbers, and has more to say.
template <typename Fits>
CLI::Validator number_check(const std::string& bounds, Fits fits) {
  const auto find_mistake = [bounds, fits](const std::string& text) {
    double value = 0;
    const bool is_right = CLI::detail::lexical_cast(text, value) && fits(value);
    return is_right ? std::string() : fmt::format("expected a number {}, found {}", bounds, text);
  };
  return {find_mistake, bounds};
}

/// An option has no use for numbers that are none, or have no end.
CLI::Validator finite_check() {
  const auto find_mistake = [](const std::string& text) {
    double value = 0;
    const bool is_right = CLI::detail::lexical_cast(text, value) && std::isfinite(value);
    return is_right ? std::string() : fmt::format("expected a finite number, found {}", text);
  };
  return {find_mistake, ""};
}

/// Takes whole numbers as people write them: CLI11 reads 010 as 8, and the largest number for one that is larger.
template <typename Value>
CLI::Validator whole_number() {
  const auto rewrite = [](std::string& text) {
    Value value = 0;
    const char* const begin = text.data() + (text.starts_with('+') ? 1 : 0);
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(begin, end, value);
    if (error == std::errc() && rest == end) {
      text = std::to_string(value);
      return std::string();
    }
    if (error != std::errc::result_out_of_range)
      return fmt::format("expected a whole number{}, found {}", std::is_unsigned_v<Value> ? " from 0 on" : "",
                         in_quotes(text));
    return fmt::format("expected a whole number from {} to {}, found {}", std::numeric_limits<Value>::min(),
                       std::numeric_limits<Value>::max(), in_quotes(text));
  };
  return {rewrite, ""};
}

/// A path that a shell's variable was to hold may be empty.
CLI::Validator path_check() {
  const auto find_mistake = [](const std::string& text) {
    return text.empty() ? std::string("expected a path, found an empty text") : std::string();
  };
  return {find_mistake, ""};
}

template <typename Value>
constexpr bool kIsReal = std::is_same_v<Value, double> || std::is_same_v<Value, std::optional<double>>;

template <typename Value>
constexpr bool kIsPath =
    std::is_same_v<Value, std::filesystem::path> || std::is_same_v<Value, std::optional<std::filesystem::path>> ||
    std::is_same_v<Value, std::vector<std::filesystem::path>>;

constexpr std::string_view kExample = "Example:";
constexpr std::string_view kIndent = "\n  ";

/// What the help calls the value of an option, without what it says of numbers that are allowed: "INT:above 0".
std::string value_name(const CLI::Option& option) {
  if (option.get_items_expected_max() == 0) return {};
  const std::string name = option.get_type_name();
  return name.substr(0, name.find(':'));
}

OptionInfo info_of(const CLI::Option& option) {
  OptionInfo info{.names = {},
                  .position = option.get_positional() ? option.get_name(true) : "",
                  .value = value_name(option),
                  .default_value = option.get_default_str(),
                  .help = option.get_description(),
                  .is_required = option.get_required(),
                  .takes_many = option.get_items_expected_max() > 1 && option.get_allow_extra_args()};
  for (const std::string& name : option.get_snames()) info.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) info.names.push_back("--" + name);
  return info;
}

}  // namespace

Option& Option::required() {
  option_->required();
  return *this;
}

Option& Option::positive() {
  option_->transform(number_check("above 0", [](double value) { return value > 0; }));
  return *this;
}

Option& Option::not_negative() {
  option_->transform(number_check("from 0 on", [](double value) { return value >= 0; }));
  return *this;
}

Option& Option::within(double low, double high) {
  option_->transform(number_check(fmt::format("from {} to {}", low, high),
                                  [low, high](double value) { return value >= low && value <= high; }));
  return *this;
}

Option& Option::existing_file() {
  option_->check(CLI::ExistingFile);
  return *this;
}

Option& Option::or_standard_input(bool is_read_once) {
  option_->transform([is_read_once](const std::string& word) { return input_path(word, is_read_once); });
  return *this;
}

Option& Option::only_standard_input() {
  const auto find_mistake = [](const std::string& text) {
    return text == "-" ? std::string() : fmt::format("the command reads standard input: write < {}", text);
  };
  option_->check(CLI::Validator(find_mistake, ""));
  return *this;
}

Option& Option::needs(const Option& other) {
  option_->needs(other.option_);
  return *this;
}

Option& Option::excludes(const Option& other) {
  option_->excludes(other.option_);
  return *this;
}

Option& Option::one_at_a_time() {
  option_->allow_extra_args(false);
  return *this;
}

Option& Option::type_name(const std::string& name) {
  option_->type_name(name);
  return *this;
}

Option& Option::show_default() {
  option_->capture_default_str();
  return *this;
}

Option& Option::show_default(const std::string& text) {
  option_->default_str(text);
  return *this;
}

Command Command::add_subcommand(const std::string& name, const std::string& help) {
  return Command(*app_->add_subcommand(name, help)->fallthrough());
}

void Command::require_subcommand() {
  app_->require_subcommand(1);
}

template <typename Value>
Option Command::add_option(const std::string& name, Value& variable, const std::string& help) {
  CLI::Option* option = app_->add_option(name, variable, help);
  if constexpr (kIsPath<Value>) option->check(path_check())->type_name("PATH");
  if constexpr (kIsReal<Value>) option->check(finite_check());
  if constexpr (std::is_integral_v<Value>) option->transform(whole_number<Value>());
  return Option(*option);
}
template Option Command::add_option(const std::string&, std::string&, const std::string&);
template Option Command::add_option(const std::string&, std::filesystem::path&, const std::string&);
template Option Command::add_option(const std::string&, std::int64_t&, const std::string&);
template Option Command::add_option(const std::string&, std::uint64_t&, const std::string&);
template Option Command::add_option(const std::string&, int&, const std::string&);
template Option Command::add_option(const std::string&, double&, const std::string&);
template Option Command::add_option(const std::string&, std::vector<std::string>&, const std::string&);
template Option Command::add_option(const std::string&, std::vector<std::filesystem::path>&, const std::string&);
template Option Command::add_option(const std::string&, std::optional<std::string>&, const std::string&);
template Option Command::add_option(const std::string&, std::optional<std::filesystem::path>&, const std::string&);
template Option Command::add_option(const std::string&, std::optional<double>&, const std::string&);
template Option Command::add_option(const std::string&, std::optional<std::vector<std::string>>&, const std::string&);

Option Command::add_choice(const std::string& name, const std::vector<std::string>& choices,
                           const std::function<void(const std::string&)>& take, const std::string& help) {
  return Option(*app_->add_option_function<std::string>(name, take, help)
                     ->check(CLI::IsMember(choices).description(""))
                     ->type_name(fmt::format("{}", fmt::join(choices, "|"))));
}

Option Command::add_flag(const std::string& name, bool& variable, const std::string& help) {
  return Option(*app_->add_flag(name, variable, help));
}

Option Command::add_flag(const std::string& name, std::function<void()> action, const std::string& help) {
  return Option(*app_->add_flag_callback(name, std::move(action), help));
}

void Command::example(const std::string& lines) {
  std::string indented(kExample);
  for (const char c : "\n" + lines) indented += c == '\n' ? std::string(kIndent) : std::string(1, c);
  app_->footer(indented);
}

void Command::callback(std::function<void()> action) {
  app_->callback(std::move(action));
}

void Command::before_running(std::function<void()> action) {
  app_->parse_complete_callback(std::move(action));
}

void Command::before_parsing(std::function<void()> action) {
  app_->preparse_callback([action = std::move(action)](std::size_t) { action(); });
}

bool Command::has(const std::string& name) const {
  return app_->count(name) > 0;
}

std::string Command::full_name() const {
  CLI::App* parent = app_->get_parent();
  return parent ? Command(*parent).full_name() + ' ' + app_->get_name() : app_->get_name();
}

bool Command::needs_subcommand() const {
  return app_->get_require_subcommand_min() > 0;
}

std::optional<Command> Command::find_subcommand(const std::string& name) const {
  const auto found =
      app_->get_subcommands([&name](const CLI::App* subcommand) { return subcommand->get_name() == name; });
  return found.empty() ? std::nullopt : std::optional(Command(*found.front()));
}

std::vector<std::string> Command::subcommands() const {
  std::vector<std::string> names;
  for (const CLI::App* subcommand : app_->get_subcommands(nullptr)) names.push_back(subcommand->get_name());
  return names;
}

bool Command::has_option(const std::string& name) const {
  return find_option(name) != nullptr;
}

bool Command::takes_value(const std::string& name) const {
  return find_option(name)->get_items_expected_min() > 0;
}

const CLI::Option* Command::find_option(const std::string& name) const {
  for (const CLI::App* app = app_; app != nullptr; app = app->get_parent()) {
    if (const CLI::Option* option = app->get_option_no_throw(name)) return option;
  }
  return nullptr;
}

std::vector<std::string> Command::options() const {
  std::vector<std::string> names;
  for (const CLI::Option* option : app_->get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::string Command::name() const {
  return app_->get_name();
}

std::string Command::description() const {
  return app_->get_description();
}

std::string Command::examples() const {
  std::string lines;
  const std::string footer = app_->get_footer();
  std::string_view rest = footer;
  rest.remove_prefix(std::min(rest.size(), kExample.size()));
  while (rest.starts_with(kIndent)) {
    rest.remove_prefix(kIndent.size());
    const std::string_view line = rest.substr(0, rest.find('\n'));
    lines += fmt::format("{}{}", lines.empty() ? "" : "\n", line);
    rest.remove_prefix(line.size());
  }
  return lines;
}

std::string Command::help() const {
  CLI::App* parent = app_->get_parent();
  return app_->help(parent ? Command(*parent).full_name() : "");
}

std::vector<OptionInfo> Command::option_infos() const {
  std::vector<OptionInfo> infos;
  for (const CLI::Option* option : std::as_const(*app_).get_options()) infos.push_back(info_of(*option));
  return infos;
}

Program::Program(const std::string& name, const std::string& help, std::function<std::string()> version)
    : app_(std::make_unique<CLI::App>(help, name)) {
  app_->set_version_flag("--version", std::move(version),
                         "Show version, commit, LibTorch and instruction set, and exit");
  app_->require_subcommand(1);
  app_->failure_message([](const CLI::App* app, const CLI::Error& error) {
    return printable_message(CLI::FailureMessage::simple(app, error));
  });
}

Program::~Program() = default;

Command Program::command() {
  return Command(*app_);
}

int Program::run(int argc, char** argv) {
  try {
    app_->parse(argc, argv);
  } catch (const Exit& exit) {
    return exit.code;
  } catch (const CLI::ParseError& error) {
    // CLI11 has many codes of its own; to a script every mistake on the command line is a usage error.
    return app_->exit(error) == 0 ? 0 : static_cast<int>(ExitCode::kUsage);
  }
  return 0;
}

}  // namespace albert::cli
