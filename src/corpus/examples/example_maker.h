#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/random.h"
#include "corpus/examples/epoch_index.h"
#include "corpus/examples/examples.h"
#include "corpus/examples/masking.h"
#include "corpus/store/corpus.h"
#include "corpus/store/shard.h"
#include "text/tokenizer.h"

namespace albert::corpus {

class Masker;

/// Tokens of a shard.
struct Segment {
  const Shard* shard = nullptr;
  Range tokens;
};

/// Takes tokens away, one at a time, from the longer segment (the second if they are equally long), from its front or
/// back with equal probability, until both together hold at most `max_tokens` (google-research/albert
/// create_pretraining_data.py:601-616).
void truncate(Range& first, Range& second, std::uint64_t max_tokens, Random& random);

/// The same for a segment that stands alone.
void truncate(Range& only, std::uint64_t max_tokens, Random& random);

/// Where to divide a chunk that has no border between sentences: at a random place, moved on to the next word, or back
/// to the last one where there is none. In a chunk of a single word, inside the word.
/// \param ids those of the chunk, at least two
/// \return the index of the first token of the second segment, in [1, ids.size())
std::size_t divide_inside(const std::vector<std::int32_t>& ids, const Masker& words, Random& random);

/// Makes one example of a chunk: chooses its segments, truncates them, puts special tokens around them, and masks.
/// Immutable, and safe to use from several threads.
class ExampleMaker {
 public:
  ExampleMaker(std::shared_ptr<const Corpus> corpus, Split split, const text::Tokenizer& tokenizer,
               const ExampleConfig& config);

  const Corpus& corpus() const { return *corpus_; }
  Split split() const { return split_; }
  const ChunkRules& rules() const { return rules_; }

  /// \param masking_rate see Masker::budget()
  /// \param random the example's own numbers: equal ones give an equal example
  Example make(const EpochIndex::Entry& place, double masking_rate, Random& random) const;
  /// How many tokens that example has.
  /// \param random as for make()
  std::uint64_t num_tokens(const EpochIndex::Entry& place, Random& random) const;

 private:
  /// The parts of an example before they are put together.
  struct Segments {
    Segment first;
    Segment second;  ///< without a shard where there is one segment only
    std::int32_t order_label = -1;

    bool is_pair() const { return second.shard != nullptr; }
  };

  Segments choose_segments(const EpochIndex::Entry& place, Random& random) const;
  std::uint64_t border_inside(const EpochIndex::Entry& place, Random& random) const;
  Segment from_other_document(const EpochIndex::Entry& place, Random& random) const;
  Example assemble(const Segments& segments) const;

  std::shared_ptr<const Corpus> corpus_;
  Split split_;
  text::SpecialIds special_;
  ChunkRules rules_;
  Masker masker_;
};

}  // namespace albert::corpus
