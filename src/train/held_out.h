#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "corpus/examples/corpus_mix.h"
#include "corpus/examples/examples.h"

namespace albert::text {
class Tokenizer;
}

namespace albert::train {

/// The share of the tokens that evaluations hide, whatever the training hides, so that runs can be compared.
inline constexpr double kEvaluationMaskingRate = 0.15;

/// The held-out examples of a corpus that a model in pretraining is evaluated on.
struct HeldOutPart {
  std::string name;  ///< of the corpus, before its figures; empty where there is one corpus only
  std::shared_ptr<const corpus::EpochExamples> examples;
  std::uint64_t num_examples = 0;  ///< of these, the first so many
  /// How much an example counts in the figures of all corpora: each corpus has its share there even where its held-out
  /// part is too small for it. 1 for one corpus.
  double weight = 1;
};

/// Examples first .. first + count - 1 of a part.
struct HeldOutBatch {
  std::size_t part = 0;
  std::uint64_t first = 0;
  std::int64_t count = 0;
};

/// The same examples for every run: they depend on no seed. Corpora without held-out examples are left out, with a
/// warning.
/// \param max_sequences of all corpora together, divided by their weights; 0: all that there are
std::vector<HeldOutPart> open_held_out(const corpus::CorpusMix& corpora, const text::Tokenizer& tokenizer,
                                       const corpus::ExampleConfig& config, std::uint64_t max_sequences);

/// Cuts the parts into batches, each of one part.
std::vector<HeldOutBatch> batches_of(const std::vector<HeldOutPart>& parts, std::int64_t batch_size);

}  // namespace albert::train
