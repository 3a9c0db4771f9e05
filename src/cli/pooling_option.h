#pragma once

#include <optional>

#include "model/head_config.h"

namespace CLI {
class App;
}

namespace albert::cli {

/// Adds --pooling to a command. \param pooling nothing: as the model was trained
void add_pooling_option(CLI::App& command, std::optional<model::EmbeddingPooling>& pooling);

}  // namespace albert::cli
