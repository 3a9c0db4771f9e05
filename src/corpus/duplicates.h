#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "corpus/deduplicate.h"
#include "corpus/record_file.h"
#include "corpus/spooled_documents.h"

namespace albert::corpus {

/// A document that is left out.
struct Duplicate {
  std::uint64_t document = 0;   ///< as SpooledDocuments numbers them
  std::uint64_t original = 0;   ///< an earlier one that says the same
  std::uint32_t num_equal = 0;  ///< of the values of their signatures
  std::uint32_t is_exact = 0;   ///< 1: their texts are equal
};

/// How many documents are left out.
struct DuplicateCounts {
  std::uint64_t exact = 0;
  std::uint64_t near = 0;
};

/// Finds the documents that say what an earlier one says, and writes them to a file of Duplicates, by number. What is
/// found depends on the documents and their order alone; memory is bounded, the rest lies on the disk.
///
/// Near duplicates are found by locality-sensitive hashing (Leskovec, Rajaraman and Ullman, "Mining of massive
/// datasets", section 3.4): documents are compared if one of 20 bands of 6 values of their signatures is equal, which of
/// two that are similar by 0.8 is so in 99.8% of the cases, by 0.9 always. Of those that share a band, a document is
/// compared with the first 16 that are no duplicates of each other.
/// \param spools folders, in the order of the input
/// \param scratch a folder for files that are removed again
/// \param file written
/// Throws IoError, DataError.
DuplicateCounts find_duplicates(const std::vector<std::filesystem::path>& spools, Deduplicate deduplicate,
                                const std::filesystem::path& scratch, const std::filesystem::path& file);

/// Tells of documents, asked for in ascending order, whether they are left out.
class DuplicateFinder {
 public:
  /// \param file as find_duplicates() writes it
  explicit DuplicateFinder(const std::filesystem::path& file) : reader_(file), next_(reader_.next()) {}

  bool contains(std::uint64_t document) {
    while (next_ && next_->document < document) next_ = reader_.next();
    return next_ && next_->document == document;
  }

 private:
  RecordReader<Duplicate> reader_;
  std::optional<Duplicate> next_;
};

}  // namespace albert::corpus
