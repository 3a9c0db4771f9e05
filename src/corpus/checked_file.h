#pragma once

#include <filesystem>
#include <string>

#include "corpus/manifest.h"

namespace albert::corpus {

/// What is wrong with a file, read as a whole: its path, what was expected and what was found; empty if nothing is.
/// Throws IoError if it cannot be read.
std::string compare(const std::filesystem::path& path, const FileRecord& record);

}  // namespace albert::corpus
