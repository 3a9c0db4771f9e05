#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "config/fields.h"
#include "corpus/store/corpus.h"

namespace albert::text {

class Tokenizer;
}

namespace albert::corpus {

class ExampleMaker;

/// What is learnt from the two segments of an example besides the masked words.
enum class PairObjective {
  kSentenceOrder,  ///< consecutive segments, swapped half of the time (ALBERT, section 3.1)
  kNextSentence,   ///< the second segment is from another document half of the time (BERT)
  kNone,           ///< one segment
};

/// What is masked together: runs of whole words, whole words, or tokens.
enum class MaskUnit { kNgrams, kWholeWords, kTokens };

/// How examples are made of a corpus: the `data` part of a pretraining configuration, less the corpus itself.
struct ExampleConfig {
  std::int64_t max_sequence_length = 512;
  double short_sequence_probability = 0.1;
  PairObjective pair_objective = PairObjective::kSentenceOrder;
  MaskUnit mask_unit = MaskUnit::kNgrams;
  std::int64_t max_ngram = 3;
  config::Timeline masking_rate = 0.15;           ///< share of the tokens to predict, over the run
  std::int64_t max_predictions_per_sequence = 0;  ///< 0: as many as the fraction asks for
  double mask_token_probability = 0.8;
  double random_token_probability = 0.1;

  void fields(config::Fields& f);
  /// \param prefix of the keys in the whole configuration: "data."
  void check(config::Checks& c, std::string_view prefix = "") const;
};

/// One pretraining example as plain arrays.
struct Example {
  std::vector<std::int32_t> token_ids;         ///< [L] with [CLS] A [SEP] B [SEP], masked
  std::vector<std::int32_t> segment_ids;       ///< [L] 0 up to the first [SEP], then 1
  std::vector<std::int32_t> masked_positions;  ///< [P] ascending; P is 0 if no word fits the budget of a short example
  std::vector<std::int32_t> labels;            ///< [P] the original ids there
  std::int32_t order_label = -1;  ///< 0 in order (or: next), 1 swapped (or: not next), -1 no such objective
};

/// What the examples of an epoch hold and leave out.
struct EpochStatistics {
  std::uint64_t num_examples = 0;
  std::uint64_t num_tokens = 0;        ///< tokens of the chunks that became examples, before truncation
  std::uint64_t truncated_tokens = 0;  ///< those among them beyond the length of an example
  std::uint64_t dropped_tokens = 0;    ///< tokens of chunks too short for an example
};

/// The examples of one epoch, in the epoch's random order. Immutable, and safe to use from several threads.
class EpochExamples {
 public:
  virtual ~EpochExamples() = default;
  virtual std::uint64_t size() const = 0;
  /// \param index in [0, size()), in the epoch's random order
  /// \return how many tokens that example has, without making it
  virtual std::uint64_t num_tokens(std::uint64_t index) const = 0;
  /// \param index in [0, size()), in the epoch's random order
  /// \param masking_rate share of the tokens to predict, see Masker::budget()
  virtual Example make(std::uint64_t index, double masking_rate) const = 0;
};

/// The examples of an epoch of one corpus.
class CorpusEpoch : public EpochExamples {
 public:
  virtual const EpochStatistics& statistics() const = 0;
};

/// What one corpus of several gives to an epoch of all.
struct EpochComponent {
  std::uint64_t num_examples = 0;  ///< of the epoch
  std::uint64_t own_size = 0;      ///< examples of an epoch of this corpus alone: more than these are repeated

  bool operator==(const EpochComponent&) const = default;
};

/// The examples of every epoch, made on demand: example (epoch, index) is a function of text, configuration, seed,
/// epoch, index and masking rate alone.
class ExampleSource {
 public:
  virtual ~ExampleSource() = default;
  /// Throws DataError if there is no example.
  virtual std::shared_ptr<const EpochExamples> epoch(std::uint64_t epoch) const = 0;
  /// Of several corpora, what each gives to every epoch, in their order; of one, nothing.
  virtual std::vector<EpochComponent> components() const { return {}; }
};

/// The examples of one corpus.
class PretrainingExamples : public ExampleSource {
 public:
  /// Throws DataError if the tokenizer is not the one that made the corpus, UsageError if the configuration contradicts
  /// itself.
  PretrainingExamples(std::shared_ptr<const Corpus> corpus, Split split, const text::Tokenizer& tokenizer,
                      const ExampleConfig& config, std::uint64_t seed);
  ~PretrainingExamples() override;

  /// One pass over the sentence lengths.
  /// Throws DataError if the split holds no example, or only one document where the objective needs another.
  std::shared_ptr<const EpochExamples> epoch(std::uint64_t epoch) const override { return corpus_epoch(epoch); }
  /// The same, with what it leaves out.
  std::shared_ptr<const CorpusEpoch> corpus_epoch(std::uint64_t epoch) const;

 private:
  std::shared_ptr<const ExampleMaker> maker_;
  std::uint64_t seed_;
};

}  // namespace albert::corpus
