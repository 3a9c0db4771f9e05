#pragma once

#include <filesystem>

#include "model/config.h"

namespace albert::train {

/// The shape of a model as it is described anywhere: a model folder, a config.json, a YAML file of configs/model, the
/// configuration of a training, or the name of a recipe of configs/model or configs/pretrain. A vocabulary size that is
/// left open is returned as 0. Throws UsageError, ModelError or IoError.
model::AlbertConfig read_model_shape(const std::filesystem::path& path);

}  // namespace albert::train
