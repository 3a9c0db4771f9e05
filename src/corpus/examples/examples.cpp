#include "corpus/examples/examples.h"

#include <algorithm>
#include <utility>

#include <spdlog/fmt/fmt.h>

#include "base/error.h"
#include "base/random.h"
#include "corpus/examples/epoch_index.h"
#include "corpus/examples/example_maker.h"
#include "corpus/store/manifest.h"

namespace albert::corpus {

namespace {

/// Room for a pair of short segments and the three special tokens.
constexpr int kMinSequenceLength = 8;

/// What the random numbers of an epoch are for; part of their keys, so that no two uses share numbers.
enum class Purpose : std::uint64_t { kChunks = 0xA1BE'0001, kOrder = 0xA1BE'0002, kExample = 0xA1BE'0003 };

std::uint64_t key_of(std::uint64_t seed, Purpose purpose, std::uint64_t epoch) {
  return random_key(seed, {static_cast<std::uint64_t>(purpose), epoch});
}

/// The epoch of a mapped corpus.
class MappedEpoch : public CorpusEpoch {
 public:
  MappedEpoch(std::shared_ptr<const ExampleMaker> maker, std::uint64_t seed, std::uint64_t epoch)
      : maker_(std::move(maker)),
        index_(maker_->corpus(), maker_->split(), maker_->rules(), key_of(seed, Purpose::kChunks, epoch)),
        order_(key_of(seed, Purpose::kOrder, epoch), index_.statistics().num_examples),
        example_key_(key_of(seed, Purpose::kExample, epoch)) {}

  std::uint64_t size() const override { return order_.size(); }
  const EpochStatistics& statistics() const override { return index_.statistics(); }

  std::uint64_t num_tokens(std::uint64_t index) const override {
    const std::uint64_t number = number_of(index);
    Random random(example_key_, number);
    return maker_->num_tokens(index_.find(number), random);
  }

  Example make(std::uint64_t index, double masking_rate) const override {
    const std::uint64_t number = number_of(index);
    Random random(example_key_, number);
    return maker_->make(index_.find(number), masking_rate, random);
  }

 private:
  /// The place of an example in the order of the corpus.
  std::uint64_t number_of(std::uint64_t index) const {
    if (index >= size()) throw InternalError("example {} of an epoch of {}", index, size());
    return order_(index);
  }

  std::shared_ptr<const ExampleMaker> maker_;  ///< keeps the corpus that index_ points into
  EpochIndex index_;
  Permutation order_;
  std::uint64_t example_key_;
};

void check_config(const ExampleConfig& config) {
  config::Checks checks([](std::string_view key) { return std::string(key); });
  config.check(checks);
  if (!checks.messages().empty()) throw UsageError("{}", fmt::join(checks.messages(), "\n  "));
}

void check_tokenizer(const Corpus& corpus, const text::Tokenizer& tokenizer) {
  const std::string& expected = corpus.manifest().tokenizer_fingerprint;
  const std::string found = tokenizer.fingerprint();
  if (found == expected) return;
  throw DataError(
      "{}: the corpus was built with another tokenizer than this one: expected the fingerprint {}, found {}; use {}",
      corpus.folder().string(), expected, found, corpus.tokenizer_folder().string());
}

}  // namespace

void ExampleConfig::fields(config::Fields& f) {
  f("max_sequence_length", max_sequence_length, "most tokens of an example, special ones counted",
    config::between(kMinSequenceLength, 1 << 20));
  f("short_sequence_probability", short_sequence_probability,
    "share of the examples that aim at a length drawn at random, not at the maximum (create_pretraining_data.py, "
    "short_seq_prob)",
    config::between(0, 1));
  f.choice("pair_objective", pair_objective,
           "what is learnt from pairs of segments: sentence_order (ALBERT), next_sentence (BERT), or none: one segment",
           {{"sentence_order", PairObjective::kSentenceOrder},
            {"next_sentence", PairObjective::kNextSentence},
            {"none", PairObjective::kNone}});
  f.choice("mask_unit", mask_unit, "what is masked together: ngrams (of whole words), words, or tokens",
           {{"ngrams", MaskUnit::kNgrams}, {"words", MaskUnit::kWholeWords}, {"tokens", MaskUnit::kTokens}});
  f("max_ngram", max_ngram, "longest n-gram in words, p(n) ~ 1/n (ALBERT, section 4.1); for mask_unit ngrams",
    config::between(1, 16));
  f("masking_rate", masking_rate,
    "share of the tokens to predict, special ones counted; {0: 0.3, 1: 0.15} goes from 0.3 at the first update to 0.15 "
    "at the last. Evaluations always take 0.15",
    config::between(0, 1));
  f("max_predictions_per_sequence", max_predictions_per_sequence,
    "most tokens to predict in an example; 0: as many as the fraction asks for", config::at_least(0));
  f("mask_token_probability", mask_token_probability, "share of the tokens to predict that become [MASK]",
    config::between(0, 1));
  f("random_token_probability", random_token_probability, "share that become a random token; the rest stay as they are",
    config::between(0, 1));
}

void ExampleConfig::check(config::Checks& c, std::string_view prefix) const {
  const auto key = [prefix](std::string_view name) { return std::string(prefix).append(name); };
  if (mask_token_probability + random_token_probability > 1) {
    c.fail(key("random_token_probability"), "and mask_token_probability add up to more than 1");
  }
  if (max_sequence_length < kMinSequenceLength) {
    c.fail(key("max_sequence_length"),
           fmt::format("is {}; expected at least {}", max_sequence_length, kMinSequenceLength));
  }
  if (masking_rate.is_empty()) c.fail(key("masking_rate"), "is null; expected a number, 0.15 is usual");
  if (std::ranges::any_of(masking_rate.points(), [](const auto& point) { return point.value == 0; })) {
    c.fail(key("masking_rate"), "is 0, so there would be nothing to predict; 0.15 is usual");
  }
  if (mask_unit != MaskUnit::kNgrams && max_ngram != ExampleConfig{}.max_ngram) {
    c.fail(key("max_ngram"), "has no effect without mask_unit: ngrams; remove one of the two");
  }
}

PretrainingExamples::PretrainingExamples(std::shared_ptr<const Corpus> corpus, Split split,
                                         const text::Tokenizer& tokenizer, const ExampleConfig& config,
                                         std::uint64_t seed)
    : seed_(seed) {
  check_config(config);
  check_tokenizer(*corpus, tokenizer);
  maker_ = std::make_shared<const ExampleMaker>(std::move(corpus), split, tokenizer, config);
}

PretrainingExamples::~PretrainingExamples() = default;

std::shared_ptr<const CorpusEpoch> PretrainingExamples::corpus_epoch(std::uint64_t epoch) const {
  const Corpus& corpus = maker_->corpus();
  const Split split = maker_->split();
  if (maker_->rules().replace_second && corpus.num_documents(split) < 2) {
    throw DataError(
        "{}: pair_objective next_sentence takes segments from other documents, but the {} part of the corpus has {}; "
        "use sentence_order",
        corpus.folder().string(), to_string(split), corpus.num_documents(split));
  }
  auto made = std::make_shared<const MappedEpoch>(maker_, seed_, epoch);
  if (made->size() == 0) {
    throw DataError("{}: the {} part of the corpus holds no example: {} documents with {} tokens",
                    corpus.folder().string(), to_string(split), corpus.num_documents(split), corpus.num_tokens(split));
  }
  return made;
}

}  // namespace albert::corpus
