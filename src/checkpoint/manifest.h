#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace albert::checkpoint {

inline constexpr const char* kConfigFile = "config.json";  ///< of every model
inline constexpr const char* kManifestFile = "manifest.json";

/// Writes manifest.json: size and checksum of every other file in the folder, so that a torn or changed one is
/// recognised.
void write_manifest(const std::filesystem::path& folder);

/// Reads every file named by the manifest. Files that it does not name are the user's own and are left alone.
/// Throws ModelError that names the first file which is missing, short or changed, with expected and found.
void verify_manifest(const std::filesystem::path& folder);

/// The same by sizes alone: of the files nothing is read. A torn file is found, a changed one is not.
void verify_sizes(const std::filesystem::path& folder);

/// The files that a manifest names, by name.
/// Throws ModelError if the folder has none, or a damaged one.
std::vector<std::string> files_in_manifest(const std::filesystem::path& folder);

/// Writes a manifest anew that names some files no longer, which may then go; all others keep the checksums that they
/// were saved with. Names that it does not have are passed over.
/// Throws as files_in_manifest(); IoError.
void drop_from_manifest(const std::filesystem::path& folder, std::span<const std::string> names);

/// Throws ModelError if the manifest beside a file, where there is one, says that the file was another one. A file that
/// it does not name is the user's own; so is a manifest of another program, which names no such checksums.
void verify_file(const std::filesystem::path& file);

/// The same as a warning.
void warn_if_changed(const std::filesystem::path& file);

}  // namespace albert::checkpoint
