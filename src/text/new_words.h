#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/tokenizer.h"

namespace albert::text {

/// Words for a vocabulary that has no piece for them, as VocabularyTokenizer::words() spells them.
struct NewWords {
  std::vector<std::string> words;
  std::vector<std::string> known;  ///< as the file has them: those that the vocabulary has already, or named twice
};

/// Reads a file with a word a line; blank lines are left out, and white space around a word.
/// Throws DataError naming the file, and each line that is no single word to the tokenizer, is longer than it takes, or
/// holds the spelling of a special token.
NewWords read_new_words(const std::filesystem::path& file, const Tokenizer& tokenizer);

/// The words of a text with how often they occur, to find those that are worth a piece of their own. A word with signs
/// around it counts for the word, as far as its piece would be found there.
class WordCounts {
 public:
  static constexpr std::size_t kMaxCharacters = 32;  ///< longer words are not proposed
  static constexpr std::uint64_t kMinCount = 2;      ///< nor are rarer ones
  static constexpr std::size_t kMaxWords = 4'000'000;

  /// \param tokenizer must outlive this
  /// \param max_words that are counted at a time; with more different ones, the rarer half is forgotten
  explicit WordCounts(const Tokenizer& tokenizer, std::size_t max_words = kMaxWords);

  void add(std::string_view text);

  /// How many different words are counted at present.
  std::size_t num_words() const { return words_.size(); }
  /// How many tokens the text has, without those for its ends.
  std::uint64_t num_tokens() const { return num_tokens_; }
  /// How many it would have with another vocabulary.
  std::uint64_t num_tokens_with(const Tokenizer& other) const;
  /// The words that save the most tokens if each becomes one piece: its count times its pieces but one. Beginning with
  /// the one that saves the most.
  std::vector<std::string> best(std::size_t max_words) const;

 private:
  struct Word {
    std::uint64_t count = 0;
    std::uint64_t num_pieces = 0;
  };

  std::uint64_t count_pieces(std::string_view word) const;
  void forget_rarer_half();

  const Tokenizer& tokenizer_;
  std::size_t max_words_;
  std::unordered_map<std::string, Word> words_;
  std::uint64_t num_tokens_ = 0;
};

}  // namespace albert::text
