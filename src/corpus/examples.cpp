#include "corpus/examples.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "corpus/epoch_index.h"
#include "corpus/manifest.h"
#include "corpus/masking.h"
#include "corpus/pairing.h"
#include "text/tokenizer.h"

namespace albert::corpus {

namespace {

/// What the random numbers of an epoch are for; part of their keys, so that no two uses share numbers.
enum class Purpose : std::uint64_t { kChunks = 0xA1BE'0001, kOrder = 0xA1BE'0002, kExample = 0xA1BE'0003 };

std::uint64_t key_of(std::uint64_t seed, Purpose purpose, std::uint64_t epoch) {
  return random_key(seed, {static_cast<std::uint64_t>(purpose), epoch});
}

void check_config(const ExampleConfig& config) {
  config::Checks checks([](std::string_view key) { return std::string(key); });
  config.check(checks);
  if (!checks.messages().empty()) throw UsageError("{}", fmt::join(checks.messages(), "\n"));
  if (config.max_sequence_length < 8)
    throw UsageError("max_sequence_length: expected at least 8, found {}", config.max_sequence_length);
}

ChunkRules rules_of(const ExampleConfig& config) {
  const bool pairs = config.pair_objective != PairObjective::kNone;
  return {
      .max_tokens = static_cast<std::uint64_t>(config.max_sequence_length) - (pairs ? 3 : 2),  // [CLS] A [SEP] B [SEP]
      .short_probability = config.short_sequence_probability,
      .pairs = pairs,
      .replace_second = config.pair_objective == PairObjective::kNextSentence};
}

}  // namespace

struct ExampleSource::Content {
  std::shared_ptr<const Corpus> corpus;
  Split split;
  text::SpecialIds special;
  ExampleConfig config;
  std::uint64_t seed;
  Masker masker;
  ChunkRules rules;
};

namespace {

/// The segments of an example before they are put together.
struct Segments {
  Segment first;
  Segment second;  ///< without a shard if there is only one segment
  std::int32_t order_label = -1;
};

}  // namespace

/// The epoch of a mapped corpus.
class ExampleSource::MappedEpoch : public ExampleSource::Epoch {
 public:
  MappedEpoch(std::shared_ptr<const Content> content, std::uint64_t epoch)
      : content_(std::move(content)),
        index_(content_->corpus, content_->split, content_->rules, key_of(content_->seed, Purpose::kChunks, epoch)),
        order_(key_of(content_->seed, Purpose::kOrder, epoch), index_.statistics().num_examples),
        example_key_(key_of(content_->seed, Purpose::kExample, epoch)) {}

  std::uint64_t size() const override { return order_.size(); }
  const EpochStatistics& statistics() const override { return index_.statistics(); }

  Example make(std::uint64_t index) const override {
    if (index >= size()) throw InternalError("example {} of an epoch of {}", index, size());
    const std::uint64_t number = order_(index);
    Random random(example_key_, number);
    Example example = assemble(choose_segments(index_.find(number), random));
    content_->masker.mask(example, random);
    return example;
  }

 private:
  Segments choose_segments(const EpochIndex::Place& place, Random& random) const {
    Segments segments = content_->rules.pairs ? pair(place, random)
                                              : Segments{.first = {place.shard, place.chunk.tokens}, .second = {}};
    if (segments.second.shard == nullptr) {
      truncate(segments.first.tokens, content_->rules.max_tokens, random);
    } else {
      truncate(segments.first.tokens, segments.second.tokens, content_->rules.max_tokens, random);
    }
    return segments;
  }

  Segments pair(const EpochIndex::Place& place, Random& random) const {
    const Chunk& chunk = place.chunk;
    if (content_->rules.replace_second && chunk.flip) {
      const Segment first{place.shard, {chunk.tokens.begin, chunk.border}};
      return {.first = first, .second = from_other_document(place, random), .order_label = 1};
    }
    const std::uint64_t border = chunk.border < chunk.tokens.end ? chunk.border : border_inside(place, random);
    Segments segments{.first = {place.shard, {chunk.tokens.begin, border}},
                      .second = {place.shard, {border, chunk.tokens.end}},
                      .order_label = 0};
    if (chunk.flip) {
      std::swap(segments.first, segments.second);
      segments.order_label = 1;
    }
    return segments;
  }

  std::uint64_t border_inside(const EpochIndex::Place& place, Random& random) const {
    std::vector<std::int32_t> ids;
    place.shard->append(place.chunk.tokens, ids);
    return place.chunk.tokens.begin + divide_inside(ids, content_->masker, random);
  }

  /// Sentences from a random place of a random other document, as many as the chunk's target leaves room for.
  Segment from_other_document(const EpochIndex::Place& place, Random& random) const {
    const Corpus& corpus = *content_->corpus;
    std::uint64_t other = random.below(static_cast<std::uint32_t>(corpus.num_documents(content_->split) - 1));
    if (other >= place.document) ++other;
    const Document document = corpus.document(content_->split, other);
    const std::uint64_t first_size = place.chunk.border - place.chunk.tokens.begin;
    const std::uint64_t target = place.chunk.target > first_size ? place.chunk.target - first_size : 1;
    std::size_t sentence = random.below(static_cast<std::uint32_t>(document.num_sentences()));
    Range tokens = document.tokens(sentence);
    while (tokens.size() < target && ++sentence < document.num_sentences()) tokens.end = document.tokens(sentence).end;
    tokens.end = std::min(tokens.end, tokens.begin + content_->rules.max_tokens);
    return {&document.shard(), tokens};
  }

  Example assemble(const Segments& segments) const {
    const text::SpecialIds& special = content_->special;
    Example example;
    example.order_label = segments.order_label;
    const std::size_t first_length = segments.first.tokens.size() + 2;
    const bool is_pair = segments.second.shard != nullptr;
    const std::size_t length = first_length + (is_pair ? segments.second.tokens.size() + 1 : 0);
    example.token_ids.reserve(length);
    example.token_ids.push_back(special.cls);
    segments.first.shard->append(segments.first.tokens, example.token_ids);
    example.token_ids.push_back(special.sep);
    if (is_pair) {
      segments.second.shard->append(segments.second.tokens, example.token_ids);
      example.token_ids.push_back(special.sep);
    }
    example.segment_ids.assign(length, 1);
    std::fill_n(example.segment_ids.begin(), first_length, 0);
    return example;
  }

  std::shared_ptr<const Content> content_;
  EpochIndex index_;
  Permutation order_;
  std::uint64_t example_key_;
};

ExampleSource::ExampleSource(std::shared_ptr<const Corpus> corpus, Split split,
                             std::shared_ptr<const text::Tokenizer> tokenizer, ExampleConfig config,
                             std::uint64_t seed) {
  check_config(config);
  const std::string& expected = corpus->manifest().tokenizer_fingerprint;
  if (tokenizer->fingerprint() != expected) {
    throw DataError(
        "the corpus beside {} was built with another tokenizer: expected the fingerprint {}, found {}; use the "
        "corpus's own",
        corpus->tokenizer_folder().string(), expected, tokenizer->fingerprint());
  }
  content_ = std::make_shared<const Content>(Content{.corpus = std::move(corpus),
                                                     .split = split,
                                                     .special = tokenizer->special(),
                                                     .config = config,
                                                     .seed = seed,
                                                     .masker = Masker(*tokenizer, config),
                                                     .rules = rules_of(config)});
}

ExampleSource::~ExampleSource() = default;

std::shared_ptr<const ExampleSource::Epoch> ExampleSource::epoch(std::uint64_t epoch) const {
  const std::uint64_t num_documents = content_->corpus->num_documents(content_->split);
  if (content_->rules.replace_second && num_documents < 2) {
    throw DataError(
        "pair_objective next_sentence takes segments from other documents, but the {} part of the corpus has {}; use "
        "sentence_order",
        to_string(content_->split), num_documents);
  }
  auto made = std::make_shared<const MappedEpoch>(content_, epoch);
  if (made->size() == 0) {
    throw DataError("the {} part of the corpus holds no example: {} documents with {} tokens",
                    to_string(content_->split), num_documents, content_->corpus->num_tokens(content_->split));
  }
  return made;
}

}  // namespace albert::corpus
