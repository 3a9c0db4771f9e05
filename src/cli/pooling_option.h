#pragma once

#include <optional>

#include "cli/command.h"
#include "model/head_config.h"

namespace albert::cli {

/// Adds --pooling to a command.
/// \param pooling nothing: as the model was trained
void add_pooling_option(Command& command, std::optional<model::EmbeddingPooling>& pooling);

}  // namespace albert::cli
