#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "checkpoint/manifest.h"
#include "checkpoint/model_contents.h"
#include "checkpoint/stored_weights.h"
#include "checkpoint/tensors.h"
#include "checkpoint/weight_names.h"
#include "text/tokenizer.h"

namespace albert::checkpoint {

/// The parameters of a model under the names that they have in its files.
NamedTensors stored_parameters(const ModelContents& model);

/// Writes config.json, model.safetensors and the tokenizer's files into an existing folder.
void write_model_files(const std::filesystem::path& folder, const ModelContents& model);

/// Writes a model folder that Transformers opens as it is: the folder appears whole or not at all.
void save_model(const std::filesystem::path& folder, const ModelContents& model);

/// The tokenizer of a model folder.
/// Throws ModelError naming the file and what is wrong with it: see text::Tokenizer::open(); and in a checkpoint,
/// whatever file of the tokenizer is not the one that was saved, since a model that reads words by the ids of others is
/// not noticed by anything but its results.
std::shared_ptr<const text::Tokenizer> open_tokenizer(const std::filesystem::path& folder);

/// How far the weights of a file and the parameters of a model may differ.
enum class Match {
  kExact,     ///< each has what the other has: to resume
  kComplete,  ///< only the pooler and the order head may be absent on either side: to use a model
  kEncoder,   ///< the pooler and every head may be absent on either side: to pretrain a model further
  /// The model must find all of its own, its head and its pooler too; the file may have a pooler that the model does
  /// not read, as older versions of Transformers saved: to use a fine-tuned model.
  kTask,
  /// The encoder must be there, the pooler may be absent on either side, and heads are left new even if they have the
  /// same names, because those of another task mean something else: to fine-tune a model.
  kFineTuning,
};

/// Whether weights have any of a part of the model.
/// \param part as part_of() names it
bool has_part(const StoredWeights& stored, std::string_view part);

/// Fills a model's parameters from stored weights, or those of a folder. Reads every layout that canonical_weights()
/// knows, and float16 and bfloat16. Nothing is changed unless everything fits.
/// Throws ModelError that names every tensor missing, unexpected or of another shape, or says that the file holds no
/// encoder at all.
LoadReport load_parameters(const StoredWeights& stored, const NamedTensors& parameters, Match match);
LoadReport load_parameters(const std::filesystem::path& path, const NamedTensors& parameters, Match match);

/// Warns of every tensor that holds NaN or Inf, as load_parameters() does of those that it loads.
void warn_unless_finite(const StoredWeights& stored);

}  // namespace albert::checkpoint
