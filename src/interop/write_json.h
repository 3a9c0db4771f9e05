#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace albert::interop {

/// Writes JSON for people to read, too. Throws IoError.
void write_json(const std::filesystem::path& path, const nlohmann::ordered_json& json);

/// A config.json whose weights are stored in another type.
/// \param dtype as PyTorch calls it: "float16"
std::string with_dtype(std::string_view config_json, std::string_view dtype);

}  // namespace albert::interop
