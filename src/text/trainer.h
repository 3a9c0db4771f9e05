#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "text/line_sample.h"
#include "text/tokenizer.h"

namespace albert::text {

/// SentencePiece takes no less.
inline constexpr double kMinCharacterCoverage = 0.98;

/// What a vocabulary is trained with. The defaults are Google's (google-research/albert README.md, "SentencePiece").
struct TrainerSettings {
  std::int32_t vocabulary_size = 30000;
  TokenizerSettings tokenizer;
  /// Share of the characters of the text that get a piece of their own, from kMinCharacterCoverage to 1; the rest is
  /// <unk>.
  double character_coverage = 0.99995;
  /// Always pieces of their own, never part of another, and found as they stand, in capitals too where text is
  /// lower-cased; each once, none of them empty, a special token or "▁".
  std::vector<std::string> user_defined_symbols = {"(", ")", "\"", "-", ".", "\u2013", "\u00A3", "\u20AC"};
  std::uint64_t seed = 1;  ///< decides which lines are in the sample
  /// Bounds of the sample of lines that is trained on; smaller inputs are used whole.
  std::uint64_t sample_lines = 10'000'000;
  std::uint64_t sample_bytes = std::uint64_t{128} << 20;
};

/// Throws UsageError for settings that cannot be, whatever the text.
void check(const TrainerSettings& settings);

/// Gives the next line of the text, without its line end; false at the end.
using LineSource = std::function<bool(std::string& line)>;
/// The same with a number that no other line has: its key in the sample (see LineSample).
using KeyedLineSource = std::function<bool(std::string& line, std::uint64_t& key)>;

/// Trains a unigram vocabulary with SentencePiece's trainer under ALBERT's conventions: ids 0 to 4 are <pad> <unk>
/// [CLS] [SEP] [MASK], the user-defined symbols follow, and the character map is nmt_nfkc.
///
/// The trainer is given the lines as Tokenizer::encode normalises them, so that what is trained is what will be
/// encoded. It takes about 25 times the memory of the sample. The result depends on the lines and the settings only,
/// not on the machine.
/// Throws UsageError for settings that cannot be, or a size that does not fit the text, saying which would; DataError
/// if there is no text.
std::shared_ptr<const Tokenizer> train_tokenizer(const LineSource& lines, const TrainerSettings& settings);
/// The same of lines with keys: those of a sample do not depend on how the input was divided.
std::shared_ptr<const Tokenizer> train_tokenizer(const KeyedLineSource& lines, const TrainerSettings& settings);
/// The same of a sample that was drawn before.
std::shared_ptr<const Tokenizer> train_tokenizer_on_sample(const std::vector<std::string>& sample,
                                                           const TrainerSettings& settings);

}  // namespace albert::text
