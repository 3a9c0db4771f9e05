#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/command.h"

namespace albert::cli {

/// What a word may become.
struct Candidate {
  std::string word;
  std::string help = {};  ///< a sentence, or empty
};

/// What may stand in the place of a word.
struct Completion {
  std::vector<Candidate> candidates;  ///< that begin with the word, whole: "--precision=int8"
  bool takes_files = false;           ///< paths too, which the shell knows
};

/// What the last word of a command line may become: a subcommand, an option, or a value of one: a choice, a recipe, a
/// setting, a topic of the help, a path. Everything is what the commands themselves say.
/// \param words those behind the program's name; the last one may be empty
Completion complete(const Command& program, std::span<const std::string> words);

/// Answers the scripts of `albert completion`: `__complete -- WORD...` prints what the last word may become.
/// \param words those behind the program's name
/// \return whether they ask for that
bool print_completion(const Command& program, std::span<char* const> words);

/// A candidate a line, with a tab before its help; `:files` where paths are taken, too.
std::string to_lines(const Completion& completion);

}  // namespace albert::cli
