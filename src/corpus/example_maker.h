#pragma once

#include <cstdint>
#include <memory>

#include "base/random.h"
#include "corpus/corpus.h"
#include "corpus/epoch_index.h"
#include "corpus/examples.h"
#include "corpus/masking.h"
#include "corpus/pairing.h"
#include "text/tokenizer.h"

namespace albert::corpus {

/// Makes one example of a chunk: chooses its segments, truncates them, puts special tokens around them, and masks.
/// Immutable, and safe to use from several threads.
class ExampleMaker {
 public:
  ExampleMaker(std::shared_ptr<const Corpus> corpus, Split split, const text::Tokenizer& tokenizer,
               const ExampleConfig& config);

  const Corpus& corpus() const { return *corpus_; }
  Split split() const { return split_; }
  const ChunkRules& rules() const { return rules_; }

  /// \param random the example's own numbers: equal ones give an equal example
  Example make(const EpochIndex::Place& place, Random& random) const;

 private:
  /// The parts of an example before they are put together.
  struct Segments {
    Segment first;
    Segment second;  ///< without a shard where there is one segment only
    std::int32_t order_label = -1;

    bool is_pair() const { return second.shard != nullptr; }
  };

  Segments choose_segments(const EpochIndex::Place& place, Random& random) const;
  std::uint64_t border_inside(const EpochIndex::Place& place, Random& random) const;
  Segment from_other_document(const EpochIndex::Place& place, Random& random) const;
  Example assemble(const Segments& segments) const;

  std::shared_ptr<const Corpus> corpus_;
  Split split_;
  text::SpecialIds special_;
  ChunkRules rules_;
  Masker masker_;
};

}  // namespace albert::corpus
