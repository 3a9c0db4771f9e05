#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "corpus/store/assembly_settings.h"
#include "corpus/store/record_file.h"

namespace albert::corpus {

/// Why a document is left out.
enum class Likeness : std::uint32_t {
  kNear,               ///< it is like its original
  kSameText,           ///< it has the text of its original
  kSameTextAsLeftOut,  ///< it has the text of a document before it that was left out, as being like the original
};

/// A document that is left out.
struct Duplicate {
  std::uint64_t document = 0;   ///< by its number among those of all spools, see DocumentRecords
  std::uint64_t original = 0;   ///< an earlier one that says the same, and stays
  std::uint32_t num_equal = 0;  ///< of the values of their signatures
  Likeness likeness = Likeness::kNear;
};

/// How many documents are left out.
struct DuplicateCounts {
  std::uint64_t exact = 0;  ///< whose text a document before has, also where that is left out, too
  std::uint64_t near = 0;
};

/// Finds the documents that say what an earlier one says which stays, and writes them to a file of Duplicates, by
/// number. What is found depends on the documents and their order alone. Every file is read from its beginning to its
/// end, in bounded memory but for one bit for each document.
///
/// Near duplicates are found by locality-sensitive hashing (Leskovec, Rajaraman and Ullman, "Mining of massive
/// datasets", section 3.4): documents are compared if one of 20 bands of 6 values of their signatures is equal, which
/// of two that are similar by 0.8 is so in 99.8% of the cases, by 0.9 always. Of those that share a band, a document is
/// compared with the first 8 and with the 8 before it. Then the documents are settled in their order: one is left out
/// if an earlier one that is like it was not left out itself.
/// \param spools folders, in the order of the input
/// \param scratch a folder for files that are removed again
/// \param file written
/// Throws IoError, DataError; Error when stopped by a signal.
DuplicateCounts find_duplicates(const std::vector<std::filesystem::path>& spools, Deduplicate deduplicate,
                                const std::filesystem::path& scratch, const std::filesystem::path& file);

/// Tells of documents, asked for in ascending order, whether they are left out.
class DuplicateReader {
 public:
  /// \param file as find_duplicates() writes it
  explicit DuplicateReader(const std::filesystem::path& file) : reader_(file), next_(reader_.next()) {}

  /// What is left out under this number; null if nothing is. Valid until the next call.
  const Duplicate* find(std::uint64_t document) {
    while (next_ && next_->document < document) next_ = reader_.next();
    return next_ && next_->document == document ? &*next_ : nullptr;
  }
  bool contains(std::uint64_t document) { return find(document) != nullptr; }

 private:
  RecordReader<Duplicate> reader_;
  std::optional<Duplicate> next_;
};

}  // namespace albert::corpus
