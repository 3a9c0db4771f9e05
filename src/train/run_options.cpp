#include "train/run_options.h"

#include "base/error.h"
#include "train/run_folder.h"

namespace albert::train {

namespace {

/// A word as a POSIX shell takes it for itself.
std::string shell_quoted(const std::string& word) {
  const char* plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

std::filesystem::path RunOptions::configuration() const {
  if (!config.empty()) return config;
  for (const char* name : {kRunConfigFile, kSeedsConfigFile}) {
    if (resume && std::filesystem::exists(run_dir / name)) return run_dir / name;
  }
  throw UsageError(
      "no configuration is given; name a recipe or a YAML file with --config (`albert config list` shows the recipes)");
}

std::string RunOptions::command_line(std::string_view command,
                                     const std::vector<std::pair<std::string, std::string>>& others,
                                     bool with_resume) const {
  std::string line = fmt::format("albert {}", command);
  const auto add = [&](const std::string& option, const std::string& value) {
    if (!value.empty()) line += fmt::format(" {} {}", option, shell_quoted(value));
  };
  add("--config", config.string());
  for (const std::string& assignment : assignments) add("--set", assignment);
  for (const auto& [option, value] : others) add(option, value);
  add("--run-dir", run_dir.string());
  return with_resume ? line + " --resume" : line;
}

}  // namespace albert::train
