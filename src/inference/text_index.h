#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "inference/index_files.h"
#include "inference/vector_index.h"
#include "inference/vector_origin.h"

namespace albert::inference {

/// What embed() wrote, to be searched by the model that made it: vectors, and their texts where these are kept.
class TextIndex {
 public:
  /// An index whose replacement was stopped by a kill is made whole first.
  /// \param path of the .npy file
  /// \param searching the origin of the vectors that the model makes which is to search
  /// \param size H of these
  /// Throws DataError for an index of vectors of another size, or of another origin, see check_origin(), for kept texts
  /// without an origin, and where only parts of an index are there; as finish_replacement().
  TextIndex(const std::filesystem::path& path, const VectorOrigin& searching, std::int64_t size);

  const VectorIndex& vectors() const { return vectors_; }
  /// The text of a row; nothing where none are kept.
  std::optional<std::string> text(std::int64_t row) const;
  /// What was found for a query: a list of objects with rank, score, line from 1, and the text where it is kept.
  nlohmann::ordered_json to_json(std::span<const Neighbour> nearest) const;

 private:
  VectorIndex vectors_;
  std::optional<KeptTexts> texts_;
};

}  // namespace albert::inference
