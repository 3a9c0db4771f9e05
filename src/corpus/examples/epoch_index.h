#pragma once

#include <cstdint>
#include <vector>

#include "corpus/examples/chunker.h"
#include "corpus/examples/examples.h"
#include "corpus/store/corpus.h"

namespace albert::corpus {

/// Finds the chunk of any example of an epoch. Made by one walk over the sentence lengths, which remembers where each
/// 16th example begins: half a byte for each example.
class EpochIndex {
 public:
  /// \param key of the epoch's chunks: each shard's is derived from it
  EpochIndex(const Corpus& corpus, Split split, const ChunkRules& rules, std::uint64_t key);

  /// A chunk that becomes an example, and where it lies.
  struct Entry {
    const Shard* shard;
    std::uint64_t document;  ///< in the split
    Chunk chunk;
  };

  /// \param number in [0, statistics().num_examples), in the order of the corpus
  Entry find(std::uint64_t number) const;
  const EpochStatistics& statistics() const { return statistics_; }

 private:
  struct IndexedShard {
    Chunker chunker;
    const Shard* shard;
    std::uint64_t first_document;        ///< in the split
    std::uint64_t example_end = 0;       ///< number of the first example after this shard
    std::vector<std::uint64_t> anchors;  ///< token where the shard's examples 0, 16, 32 ... begin
  };

  void walk(IndexedShard& shard);

  EpochStatistics statistics_;
  std::vector<IndexedShard> shards_;
};

}  // namespace albert::corpus
