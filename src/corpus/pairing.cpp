#include "corpus/pairing.h"

#include "corpus/masking.h"

namespace albert::corpus {

namespace {

/// Coin tosses, 32 from each random number.
class Coins {
 public:
  explicit Coins(Random& random) : random_(&random) {}

  bool toss() {
    if (left_ == 0) {
      bits_ = random_->next();
      left_ = 32;
    }
    --left_;
    return ((bits_ >> left_) & 1U) != 0;
  }

 private:
  Random* random_;
  std::uint32_t bits_ = 0;
  unsigned left_ = 0;
};

void drop_one(Range& segment, Coins& coins) {
  if (coins.toss()) {
    ++segment.begin;
  } else {
    --segment.end;
  }
}

}  // namespace

void truncate(Range& first, Range& second, std::uint64_t max_tokens, Random& random) {
  Coins coins(random);
  while (first.size() + second.size() > max_tokens) drop_one(first.size() > second.size() ? first : second, coins);
}

void truncate(Range& only, std::uint64_t max_tokens, Random& random) {
  Coins coins(random);
  while (only.size() > max_tokens) drop_one(only, coins);
}

std::size_t divide_inside(const std::vector<std::int32_t>& ids, const Masker& words, Random& random) {
  const std::size_t place = 1 + random.below(static_cast<std::uint32_t>(ids.size() - 1));
  for (std::size_t i = place; i < ids.size(); ++i) {
    if (words.starts_word(ids[i])) return i;
  }
  for (std::size_t i = place; i-- > 1;) {
    if (words.starts_word(ids[i])) return i;
  }
  return place;
}

}  // namespace albert::corpus
