#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "text/tokenizer.h"

namespace albert::text {

/// A uniform sample of a stream of lines, bounded in lines and in bytes, however long the stream: every line gets a
/// random priority that depends on the seed and its place, and the lowest ones stay. With the bounds out of reach the
/// sample is the stream.
class LineSample {
 public:
  LineSample(std::uint64_t seed, std::uint64_t max_lines, std::uint64_t max_bytes);

  void add(std::string_view line);

  std::uint64_t lines_seen() const { return lines_seen_; }
  std::size_t size() const { return lines_.size(); }
  /// Hands the lines out, in the order of the stream; the sample is empty afterwards.
  std::vector<std::string> take();

 private:
  struct Line {
    std::uint64_t priority;
    std::uint64_t place;
    std::string text;
    bool operator<(const Line& other) const { return priority < other.priority; }
  };

  /// What a line costs beside its characters.
  static constexpr std::uint64_t kOverheadBytes = sizeof(Line) + 16;

  void evict();

  std::uint64_t key_;
  std::uint64_t max_lines_;
  std::uint64_t max_bytes_;
  std::uint64_t lines_seen_ = 0;
  std::uint64_t size_bytes_ = 0;
  std::uint64_t limit_ = ~std::uint64_t{0};  ///< lines of this priority or above cannot stay
  std::vector<Line> lines_;                  ///< a heap with the highest priority first
};

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

/// Gives the next line of the text, without its line end; false at the end.
using LineSource = std::function<bool(std::string& line)>;

/// Trains a unigram vocabulary with SentencePiece's trainer under ALBERT's conventions: ids 0 to 4 are <pad> <unk>
/// [CLS] [SEP] [MASK], the user-defined symbols follow, and the character map is nmt_nfkc.
///
/// The trainer is given the lines as Tokenizer::encode normalises them, so that what is trained is what will be
/// encoded. It takes about 25 times the memory of the sample. The result depends on the lines and the settings only,
/// not on the machine.
/// Throws UsageError for settings that cannot be, or a size that does not fit the text, saying which would; DataError
/// if there is no text.
std::shared_ptr<const Tokenizer> train_tokenizer(const LineSource& lines, const TrainerSettings& settings);

}  // namespace albert::text
