#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace albert::corpus {

/// What is held out, or not, as one.
enum class HeldOutBy {
  kDocuments,
  kSections,  ///< the blocks of the documents: of a few long ones, parts can be held out
};

/// Which documents are left out because an earlier one says the same.
enum class Deduplicate {
  kNone,
  kExact,  ///< of the same text
  kNear,   ///< those, and of nearly the same words: see kNearSimilarity
};

/// Documents are nearly the same if the estimated Jaccard similarity of their sets of word 5-grams is this or more.
inline constexpr double kNearSimilarity = 0.8;

/// About how large a section is that is held out: a few thousand tokens, more than any example has.
inline constexpr std::size_t kSectionBytes = 16 << 10;

/// As the settings of a manifest name them.
std::string_view to_string(HeldOutBy by);
std::string_view to_string(Deduplicate deduplicate);

/// What becomes of encoded documents in a corpus. It is among the settings of a manifest, from which a merge has it.
struct AssemblySettings {
  double held_out = 0.01;
  HeldOutBy held_out_by = HeldOutBy::kDocuments;
  Deduplicate deduplicate = Deduplicate::kNone;
  std::uint64_t max_documents_of_line = 0;  ///< a line of more documents is dropped; 0: none is

  bool operator==(const AssemblySettings&) const = default;

  /// Whether all documents must be known before the first is written.
  bool needs_spool() const { return deduplicate != Deduplicate::kNone || max_documents_of_line > 0; }

  void write_to(std::map<std::string, std::string>& settings) const;
  /// Throws DataError for settings that this program did not write.
  static AssemblySettings from(const std::map<std::string, std::string>& settings);
};

}  // namespace albert::corpus
