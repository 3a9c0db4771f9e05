#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "interop/reference_values.h"

namespace albert::interop {

/// Runs the program of a .pt2 archive on a batch (torch::nativert).
/// \return its outputs; those of whole numbers are left out
/// Throws ModelError if LibTorch refuses the archive.
std::vector<ReferenceOutput> run_torch_export(const std::filesystem::path& path,
                                              std::span<const ReferenceInput> inputs);

}  // namespace albert::interop
