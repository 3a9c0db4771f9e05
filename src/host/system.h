#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "host/facts.h"

/// What the system says of itself. A function with a `root` reads files below it, so that a test can make them up; a
/// file that is not there is no error, but leaves the fact unknown.
namespace albert::host {

namespace fs = std::filesystem;

/// Without `own_kernels`.
Processor read_processor(const fs::path& root = "/");
/// With the limits of control groups of either version, also of those that the process's own is in.
Cores read_cores(const fs::path& root = "/");
Memory read_memory(const fs::path& root = "/");
/// What NVIDIA's driver says.
Gpus read_gpus(const fs::path& root = "/");
/// \return "always", "madvise" or "never"; empty if the kernel has no huge pages
std::string read_huge_pages(const fs::path& root = "/");
/// The type of the file system that holds a path: "ext4"; empty if it is unknown.
/// \param path canonical
std::string read_file_system(const fs::path& path, const fs::path& root = "/");

Locale read_locale();
/// Throws IoError.
OpenFiles read_open_files();
/// Those that are set, in the order in which the manual pages of their libraries are worth reading.
std::vector<std::pair<std::string, std::string>> read_variables();

/// How many numbers a list of the kernel's has: 4 of "0-2,5".
int count_listed(const std::string& list);

}  // namespace albert::host
