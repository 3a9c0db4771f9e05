#pragma once

#include <filesystem>

namespace albert::inference {

/// The model folder that a path names: itself, or in the folder of a run its best checkpoint, else its latest.
/// Throws ModelError if there is none.
std::filesystem::path find_model_folder(const std::filesystem::path& path);

}  // namespace albert::inference
