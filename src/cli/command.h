#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

/// What the program uses of CLI11, whose header costs each file that includes it 4 s of compiling: only command.cpp
/// does.
namespace albert::cli {

/// An option, a flag or a positional argument as it is shown to people.
struct OptionInfo {
  std::vector<std::string> names;  ///< "-o", "--output"; none of what is only a positional argument
  std::string position;            ///< the name as a positional argument: "model"; empty if it is none
  std::string value;               ///< what the help calls the value: "PATH", "text|tsv"; empty of a flag
  std::string default_value;       ///< empty: none that is told
  std::string help;
  bool is_required = false;
  bool takes_many = false;  ///< values behind one name, or as a positional argument
};

/// A handle of an option or flag that a command has, through which more is said of it. CLI11 owns the option.
class Option {
 public:
  explicit Option(CLI::Option& option) : option_(&option) {}

  Option& required();
  Option& positive();                       ///< a number above 0
  Option& not_negative();                   ///< a number of 0 or above
  Option& within(double low, double high);  ///< a number from `low` to `high`, both included
  Option& existing_file();                  ///< a path
  /// A path, or `-` for standard input, which the variable gets as a path; see input_path().
  Option& or_standard_input(bool is_read_once = false);
  Option& only_standard_input();  ///< nothing but `-`
  Option& needs(const Option& other);
  Option& excludes(const Option& other);
  /// For an option with many values: takes one for each time it is given, so that a positional argument may follow.
  Option& one_at_a_time();
  /// What the help calls the value, as in --input PATH...
  Option& type_name(const std::string& name);
  /// Lets the help tell the value that the variable has now.
  Option& show_default();
  Option& show_default(const std::string& text);

 private:
  CLI::Option* option_;
};

/// A handle of the program or of one of its subcommands, to which options are added. CLI11 owns the command; the
/// variables must outlive the parsing.
class Command {
 public:
  explicit Command(CLI::App& app) : app_(&app) {}

  Command add_subcommand(const std::string& name, const std::string& help);
  void require_subcommand();

  /// \param name as CLI11 takes it: "-o,--output", or "model" for a positional argument
  /// \param variable text, path, number, vector or optional: of the types for which command.cpp instantiates this
  template <typename Value>
  Option add_option(const std::string& name, Value& variable, const std::string& help);

  /// An option that takes one of some names.
  /// \param take gets the one that was given
  Option add_choice(const std::string& name, const std::vector<std::string>& choices,
                    const std::function<void(const std::string&)>& take, const std::string& help);

  Option add_flag(const std::string& name, bool& variable, const std::string& help);
  Option add_flag(const std::string& name, std::function<void()> action, const std::string& help);

  /// Ends the help with an example: a line of shell, or a few. A test checks that the program takes them.
  void example(const std::string& lines);

  /// What the command does, once the whole command line is parsed.
  void callback(std::function<void()> action);
  /// What happens between the parsing and the callbacks.
  void before_running(std::function<void()> action);
  /// What happens as soon as the command's name is read.
  void before_parsing(std::function<void()> action);

  /// Whether an option was given.
  bool has(const std::string& name) const;

  std::string full_name() const;  ///< "albert corpus build"
  bool needs_subcommand() const;
  std::optional<Command> find_subcommand(const std::string& name) const;
  std::vector<std::string> subcommands() const;
  /// Whether the command takes an option of its own or of the program's.
  bool has_option(const std::string& name) const;
  /// Whether the word behind an option belongs to it, as it does not behind a flag.
  /// \param name "--output" or "-o"; there must be such an option
  bool takes_value(const std::string& name) const;
  std::vector<std::string> options() const;  ///< the long names
  std::string name() const;                  ///< "build"
  std::string description() const;           ///< what the command does, in a sentence
  std::string examples() const;              ///< the lines of example()
  std::string help() const;                  ///< what --help prints
  /// In the order in which they were added.
  std::vector<OptionInfo> option_infos() const;

 private:
  const CLI::Option* find_option(const std::string& name) const;

  CLI::App* app_;
};

/// The whole program. An error of the command line is printed, with the help to ask for.
class Program {
 public:
  /// \param version what --version prints
  Program(const std::string& name, const std::string& help, std::function<std::string()> version);
  ~Program();

  Command command();
  /// Reads the command line and runs the command that it names.
  /// \return the code to exit with
  int run(int argc, char** argv);

 private:
  std::unique_ptr<CLI::App> app_;
};

/// Thrown by a command that ends the program with a code of its own, without a message.
struct Exit {
  int code = 0;
};

}  // namespace albert::cli
