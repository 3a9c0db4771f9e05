#pragma once

#include <filesystem>
#include <string>

#include "cli/command.h"

namespace albert::cli {

/// --output and --overwrite, by the rule of base/output.h.
/// \param what lies there afterwards, for the help
/// \return the option --output
Option add_output(Command& command, std::filesystem::path& output, bool& overwrite, const std::string& what);

}  // namespace albert::cli
