#pragma once

#include <cstdint>
#include <string_view>

namespace albert::corpus {

/// Which documents are left out because an earlier one says the same.
enum class Deduplicate {
  kNone,
  kExact,  ///< of the same text
  kNear,   ///< those, and of nearly the same words: see kNearSimilarity
};

/// Documents are nearly the same if the estimated Jaccard similarity of their sets of word 5-grams is this or more.
inline constexpr double kNearSimilarity = 0.8;

inline std::string_view to_string(Deduplicate deduplicate) {
  switch (deduplicate) {
    case Deduplicate::kNone:
      return "none";
    case Deduplicate::kExact:
      return "exact";
    case Deduplicate::kNear:
      return "near";
  }
  return "";
}

}  // namespace albert::corpus
