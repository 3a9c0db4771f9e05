#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "text/tokenizer.h"

namespace albert::text {

/// What a vocabulary is trained with. The defaults are Google's (google-research/albert README.md, "SentencePiece").
struct TrainerSettings {
  std::int32_t vocabulary_size = 30000;
  TokenizerSettings tokenizer;
  /// Share of the characters of the text that get a piece of their own; the rest is <unk>.
  double character_coverage = 0.99995;
  /// Always pieces of their own, never part of another.
  std::vector<std::string> user_defined_symbols = {"(", ")", "\"", "-", ".", "\u2013", "\u00A3", "\u20AC"};
  std::uint64_t seed = 1;  ///< of the sample
  /// Bounds of the sample of lines that is trained on; smaller inputs are used whole.
  std::uint64_t sample_lines = 10'000'000;
  std::uint64_t sample_bytes = std::uint64_t{128} << 20;
};

/// Gives the next line of the text, without its line end; false at the end.
using LineSource = std::function<bool(std::string& line)>;

/// Trains a unigram vocabulary with SentencePiece's trainer under ALBERT's conventions: ids 0 to 4 are <pad> <unk>
/// [CLS] [SEP] [MASK], the user-defined symbols follow, and the character map is nmt_nfkc.
///
/// The trainer is given the lines as Tokenizer::encode normalises them, so that what is trained is what will be
/// encoded. It takes about 25 times the memory of the sample. The result depends on the lines and the settings only,
/// not on the machine. Throws UsageError if the size does not fit the text, saying which would; DataError if there is
/// no text.
std::shared_ptr<const Tokenizer> train_tokenizer(const LineSource& lines, const TrainerSettings& settings);

}  // namespace albert::text
