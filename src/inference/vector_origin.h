#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "config/fields.h"
#include "model/head_config.h"

namespace albert::inference {

/// What made vectors: those of one origin can be compared. Kept beside an index, in FILE.npy.model.json.
struct VectorOrigin {
  std::string model;      ///< the folder, for people: it may have been moved since
  std::string weights;    ///< checksum of the files of weights
  std::string shape;      ///< checksum of the model's configuration
  std::string tokenizer;  ///< its fingerprint
  model::EmbeddingPooling pooling = model::EmbeddingPooling::kMean;
  std::string layers = {};        ///< the numbers of those whose hidden states they are of; empty: the last one
  bool normalized = true;         ///< whether the vectors have the length 1
  std::int64_t max_length = 512;  ///< tokens of a text; what is longer was cut

  void fields(config::Fields& f);
};

/// Where the origin of an index is kept.
std::filesystem::path origin_path(const std::filesystem::path& index);

/// Writes it beside the index; whole or not at all.
void write_origin(const VectorOrigin& origin, const std::filesystem::path& index);

/// The one beside the index; nothing if there is none, as for vectors that another program made.
/// Throws DataError if it is damaged.
std::optional<VectorOrigin> read_origin(const std::filesystem::path& index);

/// Checks that the vectors of an index are such as a model makes.
/// \param found the origin of the index
/// \param expected the origin of what the model makes that is to search it
/// Throws DataError that names every difference, expected against found.
void check_origin(const VectorOrigin& found, VectorOrigin expected, const std::filesystem::path& index);

}  // namespace albert::inference
