#include "corpus/examples/masking.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

#include "base/error.h"
#include "text/tokenizer.h"

namespace albert::corpus {

NgramLength::NgramLength(std::int64_t max_ngram) {
  double sum = 0;
  for (std::int64_t n = 1; n <= max_ngram; ++n) thresholds_.push_back(sum += 1.0 / static_cast<double>(n));
  for (double& threshold : thresholds_) threshold /= sum;
  thresholds_.pop_back();
}

std::size_t NgramLength::draw(Random& random) const {
  if (thresholds_.empty()) return 1;
  const double share = random.uniform();
  std::size_t length = 1;
  for (const double threshold : thresholds_) length += share >= threshold ? 1 : 0;
  return length;
}

Masker::Masker(const text::Tokenizer& tokenizer, const ExampleConfig& config)
    : config_(config),
      ngram_length_(config.mask_unit == MaskUnit::kNgrams ? config.max_ngram : 1),
      mask_id_(tokenizer.special().mask) {
  const text::SpecialIds& special = tokenizer.special();
  special_ids_ = {special.pad, special.unknown, special.cls, special.sep, special.mask};
  std::sort(special_ids_.begin(), special_ids_.end());
  special_ids_.erase(std::unique(special_ids_.begin(), special_ids_.end()), special_ids_.end());

  for (std::int32_t id = 0; id < tokenizer.vocabulary_size(); ++id) {
    traits_.push_back(tokenizer.starts_word(id) ? Trait::kStart : Trait::kContinuation);
  }
  for (const std::int32_t id : special_ids_) traits_.at(static_cast<std::size_t>(id)) = Trait::kSeparator;
  traits_[static_cast<std::size_t>(special.unknown)] = Trait::kUnknown;
  if (traits_.size() == special_ids_.size()) throw DataError("the vocabulary holds nothing but special tokens");
}

std::int32_t Masker::budget(std::size_t length, double masking_rate) const {
  // nearbyint rounds half to even, as Python's round() does.
  std::int64_t budget = std::llrint(std::nearbyint(static_cast<double>(length) * masking_rate));
  budget = std::max<std::int64_t>(budget, 1);
  if (config_.max_predictions_per_sequence > 0) budget = std::min(budget, config_.max_predictions_per_sequence);
  return static_cast<std::int32_t>(budget);
}

Masker::Trait Masker::trait(std::int32_t id) const {
  const auto index = static_cast<std::size_t>(id);
  if (index >= traits_.size()) throw DataError("the id {} is outside the vocabulary of {}", id, traits_.size());
  return traits_[index];
}

std::vector<Masker::Word> Masker::words_of(const std::vector<std::int32_t>& token_ids) const {
  std::vector<Word> words;
  words.reserve(token_ids.size());
  Trait before = Trait::kSeparator;  // what the word being read began with
  std::int32_t position = 0;
  for (const std::int32_t id : token_ids) {
    Trait here = trait(id);
    if (here == Trait::kContinuation && config_.mask_unit == MaskUnit::kTokens) here = Trait::kStart;
    if (here == Trait::kUnknown || here == Trait::kSeparator) {
      before = here;
    } else if (here == Trait::kStart || before == Trait::kSeparator) {  // a truncated segment may begin inside a word
      words.push_back({.begin = position, .end = position + 1});
      before = Trait::kStart;
    } else if (before == Trait::kStart) {
      ++words.back().end;
    }
    ++position;
  }
  return words;
}

void Masker::choose(std::vector<Word>& words, std::int32_t budget, Random& random) const {
  std::vector<std::uint32_t> order(words.size());
  std::iota(order.begin(), order.end(), 0U);
  for (std::size_t visited = 0; visited < order.size() && budget > 0; ++visited) {
    std::swap(order[visited], order[visited + random.below(static_cast<std::uint32_t>(order.size() - visited))]);
    const std::size_t first = order[visited];
    const std::size_t limit = std::min(words.size(), first + ngram_length_.draw(random));
    std::size_t last = first + 1;
    while (last < limit && words[last].begin == words[last - 1].end) ++last;
    while (last > first && words[last - 1].end - words[first].begin > budget) --last;
    const std::span<Word> ngram(words.data() + first, last - first);
    if (ngram.empty() || std::any_of(ngram.begin(), ngram.end(), [](const Word& word) { return word.chosen; }))
      continue;
    for (Word& word : ngram) word.chosen = true;
    budget -= ngram.back().end - ngram.front().begin;
  }
}

std::int32_t Masker::replacement(std::int32_t id, Random& random) const {
  const double share = random.uniform();
  if (share < config_.mask_token_probability) return mask_id_;
  if (share >= config_.mask_token_probability + config_.random_token_probability) return id;
  auto other =
      static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(traits_.size() - special_ids_.size())));
  for (const std::int32_t special : special_ids_) other += other >= special ? 1 : 0;
  return other;
}

void Masker::mask(Example& example, double masking_rate, Random& random) const {
  std::vector<Word> words = words_of(example.token_ids);
  const std::int32_t most = budget(example.token_ids.size(), masking_rate);
  choose(words, most, random);
  example.masked_positions.clear();
  example.labels.clear();
  example.masked_positions.reserve(static_cast<std::size_t>(most));
  example.labels.reserve(static_cast<std::size_t>(most));
  for (const Word& word : words) {
    for (std::int32_t position = word.begin; word.chosen && position < word.end; ++position) {
      std::int32_t& id = example.token_ids[static_cast<std::size_t>(position)];
      example.masked_positions.push_back(position);
      example.labels.push_back(id);
      id = replacement(id, random);
    }
  }
}

}  // namespace albert::corpus
