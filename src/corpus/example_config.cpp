#include <spdlog/fmt/fmt.h>

#include "corpus/examples.h"

namespace albert::corpus {

namespace {

/// Room for a pair of short segments and the three special tokens.
constexpr int kMinSequenceLength = 8;

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
  f("masked_fraction", masked_fraction, "share of the tokens to predict, special ones counted", config::between(0, 1));
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
  if (masked_fraction == 0) c.fail(key("masked_fraction"), "is 0, so there would be nothing to predict; 0.15 is usual");
  if (mask_unit != MaskUnit::kNgrams && max_ngram != ExampleConfig{}.max_ngram) {
    c.fail(key("max_ngram"), "has no effect without mask_unit: ngrams; remove one of the two");
  }
}

}  // namespace albert::corpus
