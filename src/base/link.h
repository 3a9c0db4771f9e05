#pragma once

#include <filesystem>
#include <optional>
#include <string>

/// A link in a folder to another folder in it: a symbolic link; on a file system that has none, a text file that holds
/// the name.
namespace albert {

namespace fs = std::filesystem;

/// Points a link at `target`: a kill leaves the old link or the new one, never none.
/// \param target the name of an entry of the link's own folder
/// Throws IoError.
void replace_link(const fs::path& link, const std::string& target);

/// Throws IoError if no link of either kind can be made in the place of one.
void require_links(const fs::path& link);

/// What a symbolic link holds, or a text file that may be a link: one with nothing in it but a name. Nothing if the
/// path is neither.
std::optional<fs::path> read_link(const fs::path& path);

/// Where a path that a user names leads: the folder that a text file stands for, else the path itself.
fs::path follow_link(const fs::path& path);

}  // namespace albert
