#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "interop/reference.h"

namespace albert::interop {

/// Runs the program of a .pt2 archive on a batch (torch::nativert).
/// \return its outputs by name, float32 in rows; those of whole numbers are left out
/// Throws ModelError if LibTorch refuses the archive.
std::map<std::string, std::vector<float>> run_torch_export(const std::filesystem::path& path,
                                                           std::span<const ReferenceInput> inputs);

}  // namespace albert::interop
