#pragma once

#include <span>

#include "cli/command.h"

namespace albert::cli {

/// Looks for words on the command line that the program does not know, before it is parsed: CLI11 2.1 would complain of
/// what is missing first, and not name them.
/// \param arguments those behind the program's name
/// Throws UsageError for a subcommand or an option that does not exist, with the nearest one and all that do; and for a
/// word that is no UTF-8, which could not be written into any result.
void check_words(const Command& program, std::span<char* const> arguments);

}  // namespace albert::cli
