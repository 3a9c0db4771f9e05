#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace albert::train {

/// What every training command is told on its command line.
struct RunOptions {
  std::filesystem::path config;          ///< file or recipe; empty: on resuming, the configuration of the run itself
  std::vector<std::string> assignments;  ///< of --set
  std::filesystem::path run_dir;
  bool resume = false;

  /// What to read: `config`, or on resuming the file of the run, or of its seeds. Throws UsageError if there is none.
  std::filesystem::path configuration() const;
  /// The command that these options came from, ready for a shell.
  /// \param command its name: "pretrain"
  /// \param others further options with their values; those with an empty value are left out
  /// \param with_resume with --resume, whether or not it was there
  std::string command_line(std::string_view command, const std::vector<std::pair<std::string, std::string>>& others,
                           bool with_resume) const;
};

}  // namespace albert::train
