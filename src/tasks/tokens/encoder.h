#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/item.h"
#include "tasks/common/sliding_windows.h"
#include "tasks/kind.h"
#include "tasks/tokens/record.h"
#include "text/tokenizer.h"

namespace albert::tasks {

/// Turns sentences of words into items. A word is encoded by itself, as Transformers does with is_split_into_words, and
/// gets its tag by its first piece. A sentence that does not fit into a sequence is read in windows: an item for each,
/// of which every word is tagged by the one that shows most of its surroundings. One object for each thread.
class TokenEncoder {
 public:
  /// Which words the scores are of.
  struct Trace {
    std::vector<std::size_t> words = {};  ///< that the positions of the items stand for, item after item
    std::size_t num_words = 0;            ///< of the sentence; those without pieces are not among `words`
  };

  /// \param tokenizer outlives the object
  /// \param labels tags by class
  /// \param max_length of a sequence in tokens, with the special ones
  /// \param stride from window to window
  TokenEncoder(const text::Tokenizer& tokenizer, std::vector<std::string> labels, std::int64_t max_length,
               std::int64_t stride);

  /// Words whose tag is none of the labels, or that have none, are asked about without a label; to train on, they are
  /// left out, and so is a sentence of such words.
  std::optional<Encoded<Trace>> encode(const TaggedSentence& sentence, Purpose purpose);
  std::size_t num_truncated() const { return 0; }  ///< windows lose nothing

  std::int64_t num_long() const { return num_long_; }                ///< sentences so far that are read in windows
  std::int64_t num_empty_words() const { return num_empty_words_; }  ///< of which the tokenizer leaves nothing

 private:
  std::vector<std::optional<std::int64_t>> classes_of(const TaggedSentence& sentence) const;
  void encode_words(std::span<const std::string> words);
  std::vector<std::size_t> words_shown_best(const SlidingWindows& windows, std::size_t window) const;
  /// \param classes [W] of all words; a word without one makes an item without labels
  model::Item make_item(TokenRange range, std::span<const std::size_t> words,
                        std::span<const std::optional<std::int64_t>> classes) const;

  std::unique_ptr<text::Encoder> encoder_;
  text::SpecialIds special_;
  std::vector<std::string> labels_;
  std::map<std::string, std::int64_t> classes_;
  std::size_t capacity_;  ///< of a window, without special tokens
  std::size_t stride_;
  std::int64_t num_long_ = 0;
  std::int64_t num_empty_words_ = 0;
  std::vector<std::int32_t> ids_;          ///< of the sentence being encoded
  std::vector<std::size_t> first_pieces_;  ///< [W + 1] of each of its words
};

}  // namespace albert::tasks
