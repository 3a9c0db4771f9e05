#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace albert::interop {

/// Notes in a config.json which command writes the folder (albert_cpp.written_by). Only such a folder is replaced by
/// the same command.
/// \param command "export"
void mark_as_written(nlohmann::ordered_json& config, std::string_view command);

/// Why a folder is not replaced by a command; empty if it wrote the folder. For check_output_folder().
std::string why_not_written(const std::filesystem::path& folder, std::string_view command);

}  // namespace albert::interop
