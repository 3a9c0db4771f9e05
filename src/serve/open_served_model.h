#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/compute.h"
#include "serve/batcher.h"
#include "serve/served_model.h"

namespace albert::serve {

/// A folder, or a file, with the name by which requests know it.
struct NamedPath {
  std::string name;
  std::filesystem::path path;
};

struct OpenOptions {
  model::ComputeConfig compute = {};
  ComputePool* pool = nullptr;  ///< outlives the models
  BatchOptions batches = {};
  std::vector<NamedPath> indexes = {};  ///< for whichever model made them
  std::function<void(BatchSize)> on_batch = {};
};

/// The threads that all models are computed by.
/// Throws IoError if the system does not give so many, with those that help them.
std::unique_ptr<ComputePool> make_compute_pool(const model::ComputeConfig& compute);

/// Opens a model with all that it can answer: a fine-tuned one its task, or, where the task is vectors, these; a
/// pretrained one masked words and vectors, dense and sparse; an encoder without a head dense vectors. Indexes that
/// another model made are left out.
/// Throws as inference::open_model_folder() and the functions that open its models; DataError for a damaged index.
std::shared_ptr<const ServedModel> open_served_model(const NamedPath& source, const OpenOptions& options);

}  // namespace albert::serve
