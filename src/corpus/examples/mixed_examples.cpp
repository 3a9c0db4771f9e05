#include "corpus/examples/mixed_examples.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "base/counted.h"
#include "base/error.h"
#include "base/random.h"

namespace albert::corpus {

namespace {

/// More passes over a corpus in one epoch are a mistake, and each takes memory.
constexpr std::uint64_t kMaxRepetitions = 10'000;

/// What the random numbers are for, beside the purposes in examples.cpp.
constexpr std::uint64_t kMixedOrder = 0xA1BE'0004;

/// What one corpus gives to an epoch: examples that follow one another in its own epochs.
struct Span {
  std::uint64_t end = 0;          ///< number in the mixed epoch of the first example after it
  std::uint64_t first = 0;        ///< how many examples the corpus gave to the epochs before
  std::uint64_t own_size = 0;     ///< that each own epoch counts for
  std::uint64_t first_epoch = 0;  ///< of the corpus
  std::vector<std::shared_ptr<const EpochExamples>> epochs = {};
};

class MixedEpoch : public EpochExamples {
 public:
  MixedEpoch(std::vector<Span> spans, std::uint64_t key) : spans_(std::move(spans)), order_(key, spans_.back().end) {}

  std::uint64_t size() const override { return order_.size(); }

  std::uint64_t num_tokens(std::uint64_t index) const override {
    const Place place = find(index);
    return place.epoch->num_tokens(place.index);
  }

  Example make(std::uint64_t index, double masking_rate) const override {
    const Place place = find(index);
    return place.epoch->make(place.index, masking_rate);
  }

 private:
  struct Place {
    const EpochExamples* epoch;
    std::uint64_t index;
  };

  Place find(std::uint64_t index) const {
    if (index >= size()) throw InternalError("example {} of an epoch of {}", index, size());
    const std::uint64_t number = order_(index);
    auto span = std::ranges::upper_bound(spans_, number, {}, &Span::end);
    const std::uint64_t begin = span == spans_.begin() ? 0 : (span - 1)->end;
    const std::uint64_t slot = span->first + (number - begin);
    const EpochExamples& epoch = *span->epochs[slot / span->own_size - span->first_epoch];
    return {&epoch, slot % span->own_size % epoch.size()};
  }

  std::vector<Span> spans_;
  Permutation order_;
};

}  // namespace

std::vector<std::uint64_t> apportion(std::uint64_t total, std::span<const double> weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<std::uint64_t> shares;
  std::vector<double> remainders;
  for (const double weight : weights) {
    const double share = weight / sum * static_cast<double>(total);
    shares.push_back(static_cast<std::uint64_t>(share));
    remainders.push_back(share - std::floor(share));
  }
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t i) { return remainders[i]; });
  std::uint64_t left = total - std::min(total, std::accumulate(shares.begin(), shares.end(), std::uint64_t{0}));
  for (std::size_t i = 0; left > 0; i = (i + 1) % order.size(), --left) ++shares[order[i]];
  return shares;
}

MixedExamples::MixedExamples(std::vector<MixedComponent> components, std::uint64_t seed)
    : components_(std::move(components)), sizes_(components_.size()), seed_(seed) {
  std::vector<double> weights;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < components_.size(); ++i) {
    sizes_[i].own_size = components_[i].examples->epoch(0)->size();
    total += sizes_[i].own_size;
    weights.push_back(components_[i].weight);
  }
  const std::vector<std::uint64_t> shares = apportion(total, weights);
  for (std::size_t i = 0; i < components_.size(); ++i) {
    sizes_[i].num_examples = shares[i];
    if (shares[i] == 0) {
      throw UsageError(
          "the corpus {} has too small a weight: its share of the {} examples of an epoch is less than one; raise it, "
          "or leave the corpus out",
          components_[i].name, grouped(total));
    }
    if (shares[i] / sizes_[i].own_size >= kMaxRepetitions) {
      throw UsageError(
          "the corpus {} has too large a weight: its {} would come {} times in an epoch of {}, and at most {} times "
          "are possible; lower it",
          components_[i].name, counted(sizes_[i].own_size, "example"), grouped(shares[i] / sizes_[i].own_size),
          grouped(total), grouped(kMaxRepetitions));
    }
  }
}

std::shared_ptr<const EpochExamples> MixedExamples::epoch(std::uint64_t epoch) const {
  std::vector<Span> spans;
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < components_.size(); ++i) {
    const auto [num_examples, own_size] = sizes_[i];
    end += num_examples;
    const std::uint64_t first = epoch * num_examples;
    Span span{.end = end, .first = first, .own_size = own_size, .first_epoch = first / own_size};
    const std::uint64_t last_epoch = (first + num_examples - 1) / own_size;
    for (std::uint64_t own = span.first_epoch; own <= last_epoch; ++own)
      span.epochs.push_back(components_[i].examples->epoch(own));
    spans.push_back(std::move(span));
  }
  return std::make_shared<const MixedEpoch>(std::move(spans), random_key(seed_, {kMixedOrder, epoch}));
}

}  // namespace albert::corpus
