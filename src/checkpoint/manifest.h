#pragma once

#include <filesystem>

namespace albert::checkpoint {

inline constexpr const char* kConfigFile = "config.json";  ///< of every model
inline constexpr const char* kManifestFile = "manifest.json";

/// Writes manifest.json: size and checksum of every other file in the folder, so that a torn or changed one is
/// recognised.
void write_manifest(const std::filesystem::path& folder);

/// Reads every file named by the manifest. Files that it does not name are the user's own and are left alone.
/// Throws ModelError that names the first file which is missing, short or changed, with expected and found.
void verify_manifest(const std::filesystem::path& folder);

/// Throws ModelError if the manifest beside a file, where there is one, says that the file was another one. A file that
/// it does not name is the user's own; so is a manifest of another program, which names no such checksums.
void verify_file(const std::filesystem::path& file);

/// The same as a warning.
void warn_if_changed(const std::filesystem::path& file);

}  // namespace albert::checkpoint
