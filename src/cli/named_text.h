#pragma once

#include <span>
#include <string_view>

/// Files that the build takes into the program (scripts/cmake/EmbedFiles.cmake).
namespace albert::cli {

struct NamedText {
  std::string_view name;  ///< of the file, without its ending: "data-formats"
  std::string_view text;  ///< byte for byte
};

/// What `albert help TOPIC` prints: src/cli/help/TOPIC.txt, whose first line is `Title: what it is about`.
std::span<const NamedText> help_topics();

/// What `albert completion SHELL` prints: src/cli/completion/SHELL.
std::span<const NamedText> completion_scripts();

/// Null if there is none.
const NamedText* find_text(std::span<const NamedText> texts, std::string_view name);

}  // namespace albert::cli
