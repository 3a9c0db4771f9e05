#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "text/normalizer.h"

namespace albert::text {

/// Counts the words of lines after normalisation.
class WordCounts {
 public:
  /// \param normalizer must outlive this
  explicit WordCounts(const Normalizer& normalizer) : normalizer_(normalizer) {}

  void add(std::string_view line);
  /// The words with their counts, in the order of their bytes.
  std::vector<std::pair<std::string, std::uint64_t>> sorted() const;

 private:
  void add_word(std::string_view word);

  const Normalizer& normalizer_;
  NormalizedText normalized_;
  std::unordered_map<std::string, std::uint64_t> counts_;
};

}  // namespace albert::text
