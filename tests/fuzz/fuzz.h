#pragma once

#include <filesystem>

namespace albert::fuzz {

/// Reads a file as the program does. Every reader of files by others has a source here that defines it.
/// Throws an albert::Error for what is refused; anything else that it throws, or a crash, is a fault.
void read(const std::filesystem::path& input);

}  // namespace albert::fuzz
