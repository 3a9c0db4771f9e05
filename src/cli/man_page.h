#pragma once

#include <filesystem>
#include <string>

#include "cli/command.h"

namespace albert::cli {

/// The manual page of a command, in the language of man(7): what its help says.
std::string man_page(const Command& command);

/// Writes the pages of a program and of all its commands: albert.1, albert-corpus-build.1, ...
/// \param folder is made if it is not there; older pages are replaced
/// Throws IoError.
void write_man_pages(const Command& program, const std::filesystem::path& folder);

}  // namespace albert::cli
