#pragma once

#include <filesystem>
#include <optional>

#include "host/facts.h"

namespace albert::host {

/// Finds out what this host is for the program, in about a second.
/// \param run_dir a folder that runs are to lie in; nothing: none is looked at
/// Throws IoError.
Facts examine_host(const std::optional<std::filesystem::path>& run_dir);

}  // namespace albert::host
