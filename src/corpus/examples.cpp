#include "corpus/examples.h"

#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "corpus/epoch_index.h"
#include "corpus/example_maker.h"
#include "corpus/manifest.h"

namespace albert::corpus {

namespace {

/// What the random numbers of an epoch are for; part of their keys, so that no two uses share numbers.
enum class Purpose : std::uint64_t { kChunks = 0xA1BE'0001, kOrder = 0xA1BE'0002, kExample = 0xA1BE'0003 };

std::uint64_t key_of(std::uint64_t seed, Purpose purpose, std::uint64_t epoch) {
  return random_key(seed, {static_cast<std::uint64_t>(purpose), epoch});
}

/// The epoch of a mapped corpus.
class MappedEpoch : public ExampleSource::Epoch {
 public:
  MappedEpoch(std::shared_ptr<const ExampleMaker> maker, std::uint64_t seed, std::uint64_t epoch)
      : maker_(std::move(maker)),
        index_(maker_->corpus(), maker_->split(), maker_->rules(), key_of(seed, Purpose::kChunks, epoch)),
        order_(key_of(seed, Purpose::kOrder, epoch), index_.statistics().num_examples),
        example_key_(key_of(seed, Purpose::kExample, epoch)) {}

  std::uint64_t size() const override { return order_.size(); }
  const EpochStatistics& statistics() const override { return index_.statistics(); }

  Example make(std::uint64_t index) const override {
    if (index >= size()) throw InternalError("example {} of an epoch of {}", index, size());
    const std::uint64_t number = order_(index);
    Random random(example_key_, number);
    return maker_->make(index_.find(number), random);
  }

 private:
  std::shared_ptr<const ExampleMaker> maker_;  ///< keeps the corpus that index_ points into
  EpochIndex index_;
  Permutation order_;
  std::uint64_t example_key_;
};

void check_config(const ExampleConfig& config) {
  config::Checks checks([](std::string_view key) { return std::string(key); });
  config.check(checks);
  if (!checks.messages().empty()) throw UsageError("{}", fmt::join(checks.messages(), "\n"));
}

void check_tokenizer(const Corpus& corpus, const text::Tokenizer& tokenizer) {
  const std::string& expected = corpus.manifest().tokenizer_fingerprint;
  const std::string found = tokenizer.fingerprint();
  if (found == expected) return;
  throw DataError(
      "the corpus was built with another tokenizer than this one: expected the fingerprint {}, found {}; use {}",
      expected, found, corpus.tokenizer_folder().string());
}

}  // namespace

ExampleSource::ExampleSource(std::shared_ptr<const Corpus> corpus, Split split, const text::Tokenizer& tokenizer,
                             ExampleConfig config, std::uint64_t seed)
    : seed_(seed) {
  check_config(config);
  check_tokenizer(*corpus, tokenizer);
  maker_ = std::make_shared<const ExampleMaker>(std::move(corpus), split, tokenizer, config);
}

ExampleSource::~ExampleSource() = default;

std::shared_ptr<const ExampleSource::Epoch> ExampleSource::epoch(std::uint64_t epoch) const {
  const Corpus& corpus = maker_->corpus();
  const Split split = maker_->split();
  if (maker_->rules().replace_second && corpus.num_documents(split) < 2) {
    throw DataError(
        "pair_objective next_sentence takes segments from other documents, but the {} part of the corpus has {}; use "
        "sentence_order",
        to_string(split), corpus.num_documents(split));
  }
  auto made = std::make_shared<const MappedEpoch>(maker_, seed_, epoch);
  if (made->size() == 0) {
    throw DataError("the {} part of the corpus holds no example: {} documents with {} tokens", to_string(split),
                    corpus.num_documents(split), corpus.num_tokens(split));
  }
  return made;
}

}  // namespace albert::corpus
