#pragma once

#include <filesystem>

#include "host/facts.h"

namespace albert::host {

/// Finds out whether runs can lie in a folder: makes a folder of its own in it, tries links, locks and fsync there, and
/// removes it again. Where the folder is not there yet, the nearest one above it is tried.
Folder probe_folder(const std::filesystem::path& path);

}  // namespace albert::host
