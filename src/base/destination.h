#pragma once

#include <filesystem>
#include <optional>

/// Where a result comes to lie that is written to a path which a user names.
namespace albert {

namespace fs = std::filesystem;

/// The descriptor of this process that a path names: 1 of "/dev/stdout", 63 of "/dev/fd/63", as a shell passes for
/// <(command). Nothing for another path.
std::optional<int> descriptor_of(const fs::path& path);

/// What takes the place of a path that is written to: without symbolic links, also where the last one leads to what is
/// not there yet. The name of a descriptor stays as it is.
/// Throws IoError for links that lead in a circle.
fs::path destination_of(const fs::path& path);

/// Whether a path is written to and nothing of it is replaced: a descriptor of this process, a device, a pipe.
/// Throws as destination_of().
bool is_stream(const fs::path& path);

}  // namespace albert
