#include "corpus/examples/example_maker.h"

#include <algorithm>
#include <utility>

#include "corpus/examples/masking.h"
#include "corpus/store/shard.h"

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

ChunkRules rules_of(const ExampleConfig& config) {
  const bool pairs = config.pair_objective != PairObjective::kNone;
  const std::int64_t num_special = pairs ? 3 : 2;  // [CLS] A [SEP] B [SEP], or [CLS] A [SEP]
  return {.max_tokens = static_cast<std::uint64_t>(config.max_sequence_length - num_special),
          .short_probability = config.short_sequence_probability,
          .pairs = pairs,
          .replace_second = config.pair_objective == PairObjective::kNextSentence};
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

ExampleMaker::ExampleMaker(std::shared_ptr<const Corpus> corpus, Split split, const text::Tokenizer& tokenizer,
                           const ExampleConfig& config)
    : corpus_(std::move(corpus)),
      split_(split),
      special_(tokenizer.special()),
      rules_(rules_of(config)),
      masker_(tokenizer, config) {}

Example ExampleMaker::make(const EpochIndex::Entry& place, double masking_rate, Random& random) const {
  Segments segments = choose_segments(place, random);
  if (segments.is_pair()) {
    truncate(segments.first.tokens, segments.second.tokens, rules_.max_tokens, random);
  } else {
    truncate(segments.first.tokens, rules_.max_tokens, random);
  }
  Example example = assemble(segments);
  masker_.mask(example, masking_rate, random);
  return example;
}

std::uint64_t ExampleMaker::num_tokens(const EpochIndex::Entry& place, Random& random) const {
  const Segments segments = choose_segments(place, random);
  const std::uint64_t num_special = segments.is_pair() ? 3 : 2;
  return num_special + std::min(segments.first.tokens.size() + segments.second.tokens.size(), rules_.max_tokens);
}

ExampleMaker::Segments ExampleMaker::choose_segments(const EpochIndex::Entry& place, Random& random) const {
  const Chunk& chunk = place.chunk;
  if (!rules_.pairs) return {.first = {place.shard, chunk.tokens}, .second = {}};
  if (rules_.replace_second && chunk.flip) {
    const Segment first{place.shard, {chunk.tokens.begin, chunk.border}};
    return {.first = first, .second = from_other_document(place, random), .order_label = 1};
  }
  const bool has_border = chunk.border < chunk.tokens.end;
  const std::uint64_t border = has_border ? chunk.border : border_inside(place, random);
  const Segment earlier{place.shard, {chunk.tokens.begin, border}};
  const Segment later{place.shard, {border, chunk.tokens.end}};
  if (chunk.flip) return {.first = later, .second = earlier, .order_label = 1};
  return {.first = earlier, .second = later, .order_label = 0};
}

std::uint64_t ExampleMaker::border_inside(const EpochIndex::Entry& place, Random& random) const {
  std::vector<std::int32_t> ids;
  place.shard->append(place.chunk.tokens, ids);
  return place.chunk.tokens.begin + divide_inside(ids, masker_, random);
}

/// Sentences from a random place of a random other document, as many as the chunk's target leaves room for.
Segment ExampleMaker::from_other_document(const EpochIndex::Entry& place, Random& random) const {
  std::uint64_t other = random.below(static_cast<std::uint32_t>(corpus_->num_documents(split_) - 1));
  if (other >= place.document) ++other;
  const Document document = corpus_->document(split_, other);
  const std::uint64_t first_size = place.chunk.border - place.chunk.tokens.begin;
  const std::uint64_t room = place.chunk.target > first_size ? place.chunk.target - first_size : 1;
  std::size_t sentence = random.below(static_cast<std::uint32_t>(document.num_sentences()));
  Range tokens = document.tokens(sentence);
  while (tokens.size() < room && ++sentence < document.num_sentences()) tokens.end = document.tokens(sentence).end;
  tokens.end = std::min(tokens.end, tokens.begin + rules_.max_tokens);
  return {&document.shard(), tokens};
}

Example ExampleMaker::assemble(const Segments& segments) const {
  const std::size_t first_length = segments.first.tokens.size() + 2;
  const std::size_t length = first_length + (segments.is_pair() ? segments.second.tokens.size() + 1 : 0);
  Example example;
  example.order_label = segments.order_label;
  example.token_ids.reserve(length);
  example.token_ids.push_back(special_.cls);
  segments.first.shard->append(segments.first.tokens, example.token_ids);
  example.token_ids.push_back(special_.sep);
  if (segments.is_pair()) {
    segments.second.shard->append(segments.second.tokens, example.token_ids);
    example.token_ids.push_back(special_.sep);
  }
  example.segment_ids.assign(length, 1);
  std::fill_n(example.segment_ids.begin(), first_length, 0);
  return example;
}

}  // namespace albert::corpus
