#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "corpus/store/manifest.h"
#include "corpus/store/split.h"

namespace albert::corpus {

/// Writes the shards of one split into a folder: `train-00000.shard`, `train-00001.shard`, ... (README.md gives the
/// format).
///
/// Sentences go straight to the disk, so memory does not grow with a document or a shard. A document never crosses from
/// one shard to the next: the first document that ends at or beyond `max_shard_tokens` is a shard's last. So the bytes
/// depend on the documents and their order alone.
class ShardWriter {
 public:
  /// 256 MiB of 16-bit tokens.
  static constexpr std::uint64_t kMaxShardTokens = std::uint64_t{1} << 27;

  /// \param vocabulary_size decides the width of a token: 2 bytes up to 65,536 pieces, 4 beyond
  ShardWriter(std::filesystem::path folder, Split split, std::int32_t vocabulary_size,
              std::uint64_t max_shard_tokens = kMaxShardTokens);
  ~ShardWriter();
  ShardWriter(const ShardWriter&) = delete;
  ShardWriter& operator=(const ShardWriter&) = delete;

  /// Adds a sentence to the current document; one without tokens adds nothing.
  /// Throws InternalError for an id outside the vocabulary, IoError if it cannot be written.
  void add_sentence(std::span<const std::int32_t> ids);
  /// Ends the current document; one without sentences is no document.
  void end_document();

  /// Completes the last shard, and returns a record of each in order; none if there was no document. Call once, after
  /// end_document().
  std::vector<ShardRecord> finish();

  /// Written so far; a document counts once it has ended.
  const Counts& counts() const { return counts_; }

 private:
  class File;
  void close_shard();

  std::filesystem::path folder_;
  Split split_;
  std::int32_t vocabulary_size_;
  std::uint64_t max_shard_tokens_;
  Counts counts_;
  std::unique_ptr<File> file_;  ///< the shard being written, if any
  std::vector<ShardRecord> finished_;
};

}  // namespace albert::corpus
