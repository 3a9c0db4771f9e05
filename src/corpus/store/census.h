#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "corpus/store/corpus.h"

namespace albert::corpus {

/// Lengths in tokens, counted in classes that grow with the length: 1, 2, 3, 4 to 5, 6 to 7, 8 to 11, 12 to 15, 16 to 23
/// and so on, two for each power of 2.
class LengthCounts {
 public:
  struct Class {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;  ///< excluded
    std::uint64_t count = 0;
  };

  /// \param length at least 1
  void add(std::uint64_t length);

  std::uint64_t count() const { return count_; }
  std::uint64_t sum() const { return sum_; }
  std::uint64_t longest() const { return longest_; }
  /// From the shortest length that occurs to the longest one.
  std::vector<Class> classes() const;

 private:
  std::vector<std::uint64_t> counts_;  ///< by the number of the class
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t longest_ = 0;
};

/// What the shards of a corpus hold, both splits together.
struct Census {
  LengthCounts documents;
  LengthCounts sentences;
  std::vector<std::uint64_t> pieces;  ///< [vocabulary] how often each piece occurs
};

/// Reads every token of a corpus.
/// \param progress called after each document with the number of tokens read so far; should be quick
/// Throws DataError for a damaged shard.
Census take_census(const Corpus& corpus, const std::function<void(std::uint64_t tokens)>& progress = {});

}  // namespace albert::corpus
