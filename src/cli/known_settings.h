#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/described_fields.h"

namespace albert::cli {

/// In which folders of the recipes a command looks for a name.
/// \param command its full name: "albert pretrain"
std::vector<std::string_view> recipe_folders(std::string_view command);

/// What a command takes behind --set: all settings of a training, or those of the task of a trained model.
/// \param config what the command line gives as --config or --task, which decides what kind of task it is; empty, or one that
///     cannot be read: any kind
std::vector<config::DescribedField> known_settings(const std::string& command, const std::string& config);

}  // namespace albert::cli
