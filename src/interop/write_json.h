#pragma once

#include <filesystem>

#include <nlohmann/json_fwd.hpp>

namespace albert::interop {

/// Writes JSON for people to read, too. Throws IoError.
void write_json(const std::filesystem::path& path, const nlohmann::ordered_json& json);

}  // namespace albert::interop
