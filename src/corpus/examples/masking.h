#pragma once

#include <cstdint>
#include <vector>

#include "base/random.h"
#include "corpus/examples/examples.h"

namespace albert::corpus {

/// The length of an n-gram in words, n in 1 .. max_ngram with p(n) ~ 1/n (ALBERT, section 4.1).
class NgramLength {
 public:
  explicit NgramLength(std::int64_t max_ngram);
  std::size_t draw(Random& random) const;

 private:
  std::vector<double> thresholds_;  ///< P(n <= 1), P(n <= 2), ...; the last is left out, being 1
};

/// Chooses the tokens of an example that the model has to predict, and hides them.
///
/// As in google-research/albert create_pretraining_data.py:426-598: words are visited in random order; at each, n words
/// are taken, n in 1 .. max_ngram with p(n) ~ 1/n, fewer where the budget would be exceeded, none if that does not help
/// or one of them is taken already. Then each token by itself becomes [MASK], a random token, or stays. It differs from
/// Google's in three ways: an n-gram does not reach over a [SEP]; a word with an unknown token is never chosen, since
/// there is nothing to predict; and a random token is never a special one.
class Masker {
 public:
  Masker(const text::Tokenizer& tokenizer, const ExampleConfig& config);

  /// How many tokens to predict at most in a sequence of `length` tokens, special ones counted: the share that
  /// masking_rate is, rounded half to even, at least 1 and at most max_predictions_per_sequence.
  std::int32_t budget(std::size_t length, double masking_rate) const;

  /// Masks token_ids, and fills masked_positions and labels. They stay empty if no word fits the budget.
  /// Throws DataError for an id outside the vocabulary.
  void mask(Example& example, double masking_rate, Random& random) const;

  /// Whether a word begins at a token.
  bool starts_word(std::int32_t id) const { return trait(id) == Trait::kStart; }

 private:
  enum class Trait : std::uint8_t { kContinuation, kStart, kUnknown, kSeparator };
  /// Tokens begin .. end-1 of a sequence.
  struct Word {
    std::int32_t begin;
    std::int32_t end;
    bool chosen = false;
  };

  Trait trait(std::int32_t id) const;
  std::vector<Word> words_of(const std::vector<std::int32_t>& token_ids) const;
  void choose(std::vector<Word>& words, std::int32_t budget, Random& random) const;
  std::int32_t replacement(std::int32_t id, Random& random) const;

  ExampleConfig config_;
  NgramLength ngram_length_;
  std::vector<Trait> traits_;              ///< [V]
  std::vector<std::int32_t> special_ids_;  ///< ascending
  std::int32_t mask_id_;
};

}  // namespace albert::corpus
