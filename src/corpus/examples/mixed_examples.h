#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "corpus/examples/examples.h"

namespace albert::corpus {

/// Examples that are mixed with others.
struct MixedComponent {
  std::string name;  ///< of the corpus, for messages
  std::shared_ptr<const ExampleSource> examples;
  double weight = 1;  ///< not below 0
};

/// Apportions a number in proportion to weights: each gets its share rounded down, and those with the largest
/// remainders one more, so that the sum is the number.
/// \param weights not below 0, and not all 0
std::vector<std::uint64_t> apportion(std::uint64_t total, std::span<const double> weights);

/// The examples of several corpora together.
///
/// An epoch has as many examples as the first epochs of the corpora have together, of which each corpus gives a number
/// that follows from its weight (apportion()), in one random order.
///
/// Each corpus gives its examples one after another, those of its own epoch 0, then 1, and so on, and goes on in the
/// next epoch where it was: one that is smaller than its share comes several times, each time with fresh masks, and of
/// one that is larger all is seen before anything is repeated. So that example (epoch, index) can be found without a
/// walk through all epochs before, each own epoch counts as large as the first one: lengths are drawn anew in every
/// epoch, so it has a few examples more, which are left out, or fewer, in whose place come the first ones again.
class MixedExamples : public ExampleSource {
 public:
  /// Takes one pass over the sentence lengths of each corpus.
  /// Throws DataError if one of them has no example; UsageError if the share of one is less than one example, or it
  /// would be repeated many thousand times.
  /// \param seed of the order
  MixedExamples(std::vector<MixedComponent> components, std::uint64_t seed);

  std::shared_ptr<const EpochExamples> epoch(std::uint64_t epoch) const override;
  std::vector<EpochComponent> components() const override { return sizes_; }

 private:
  std::vector<MixedComponent> components_;
  std::vector<EpochComponent> sizes_;  ///< of each component
  std::uint64_t seed_;
};

}  // namespace albert::corpus
