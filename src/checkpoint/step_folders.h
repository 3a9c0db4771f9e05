#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// The folder `checkpoints` of a run as names: a folder for each step, and links to two of them. What is in the
/// checkpoints, training_checkpoint.h says.
namespace albert::checkpoint {

inline constexpr const char* kLatestLink = "latest";
inline constexpr const char* kBestLink = "best";

/// Of "step-00000400"; nothing for another name.
std::optional<std::int64_t> step_of(const std::string& name);
std::string name_of_step(std::int64_t step);

/// The steps that have a folder, ascending.
/// Throws std::filesystem::filesystem_error if the folder cannot be read.
std::vector<std::int64_t> steps_in(const std::filesystem::path& folder);

/// The step that a link leads to, if that has a folder. A link says no more than its last name: of one that leads to
/// another folder, the step of that name in this one counts.
std::optional<std::int64_t> linked_step(const std::filesystem::path& folder, const char* link);

/// Whether something with a checkpoint's name is none, not even a damaged one: then it is somebody else's, and neither
/// replaced nor removed.
bool is_foreign(const std::filesystem::path& place);

/// What a process that was killed left half written or half removed, and never again will be whole. Those alone that are
/// no longer needed: an old folder under a temporary name is the only one if the new one had not yet taken its name.
std::vector<std::filesystem::path> leftovers_in(const std::filesystem::path& folder);

/// Removes a checkpoint: it loses its name first, so that a kill leaves nothing that passes for a damaged one.
/// Throws IoError.
void remove_checkpoint(const std::filesystem::path& checkpoint);

}  // namespace albert::checkpoint
