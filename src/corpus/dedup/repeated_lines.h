#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "corpus/encoding/block_encoder.h"

namespace albert::corpus {

/// Lines that stand in many documents, as licences and headers do: paragraphs of running text, lines of other formats.
class RepeatedLines {
 public:
  /// The most frequent ones, whose words are kept.
  static constexpr std::size_t kMaxListed = 1000;

  struct Line {
    std::uint64_t hash = 0;
    std::uint64_t num_documents = 0;
    std::vector<std::int32_t> ids{};  ///< of its words
  };

  /// Finds the lines of more than `max_documents` documents. Memory is bounded but for 8 bytes for each such line.
  /// \param spools folders that hold lines, in the order of the input
  /// \param duplicates documents that do not count, as find_duplicates() writes them; nothing: all count
  /// \param scratch a folder for files that are removed again
  /// Throws IoError, DataError; Error when stopped by a signal.
  RepeatedLines(const std::vector<std::filesystem::path>& spools, std::uint64_t max_documents,
                const std::optional<std::filesystem::path>& duplicates, const std::filesystem::path& scratch);

  bool contains(std::uint64_t hash) const;
  /// Takes the repeated lines out of a block, and counts them.
  void remove_from(EncodedBlock& block);

  std::uint64_t num_different() const { return hashes_.size(); }
  std::uint64_t num_removed() const { return num_removed_; }
  std::uint64_t num_removed_tokens() const { return num_removed_tokens_; }
  /// In descending order of the number of documents.
  std::vector<Line> most_frequent() const;

 private:
  void note(std::uint64_t hash, std::span<const std::int32_t> ids);

  std::vector<std::uint64_t> hashes_;  ///< sorted
  std::vector<Line> listed_;           ///< sorted by hash
  std::uint64_t num_removed_ = 0;
  std::uint64_t num_removed_tokens_ = 0;
};

}  // namespace albert::corpus
