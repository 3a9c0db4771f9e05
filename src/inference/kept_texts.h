#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/mapped_file.h"
#include "inference/vector_window.h"

namespace albert::inference {

/// Where the texts of an index are kept, a line each: FILE.npy.txt or FILE.npy.jsonl.
std::filesystem::path kept_texts_path(const std::filesystem::path& index, VectorFormat format);

/// The texts that lie beside an index, mapped.
class KeptTexts {
 public:
  /// Nothing if there are none. Throws DataError if they are not as many as the vectors.
  static std::optional<KeptTexts> open(const std::filesystem::path& index, std::int64_t num_vectors);

  std::string text(std::int64_t row) const;

 private:
  KeptTexts(MappedFile file, VectorFormat format);

  MappedFile file_;
  VectorFormat format_;
  std::vector<std::uint64_t> begins_;  ///< [N + 1] of the lines
};

}  // namespace albert::inference
