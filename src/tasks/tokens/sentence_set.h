#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/item.h"
#include "tasks/common/sliding_windows.h"
#include "text/tokenizer.h"

namespace albert::tasks {

/// Sentences of words as items for the model, and what the model says of the words. A word is encoded by itself, as
/// Transformers does with is_split_into_words, and gets its tag by its first piece. A sentence that does not fit into a
/// sequence is read in windows: an item for each, of which every word is tagged by the one that shows most of its
/// surroundings.
class SentenceSet {
 public:
  /// \param max_length of a sequence in tokens, with the special ones \param stride from window to window
  SentenceSet(std::shared_ptr<const text::Tokenizer> tokenizer, std::int64_t max_length, std::int64_t stride);

  /// What the model says of a word.
  struct Choice {
    std::size_t label = 0;
    double probability = 0;
  };

  /// \param labels a class for each word, for training; empty: not known
  void add(std::span<const std::string> words, std::span<const std::size_t> labels);
  void clear();

  std::size_t num_sentences() const { return first_words_.size() - 1; }
  /// [W] for each word of a sentence; nothing for a word of which the tokenizer leaves nothing. After all of its items'
  /// scores were taken.
  std::span<const std::optional<Choice>> choices(std::size_t sentence) const;

  std::size_t num_items() const { return items_.size(); }
  const model::Item& item(std::size_t index) const { return items_[index].item; }
  /// \param scores [P, C]
  void take_scores(std::size_t index, std::span<const float> scores);

  std::int64_t num_long() const { return num_long_; }                ///< sentences read in windows
  std::int64_t num_empty_words() const { return num_empty_words_; }  ///< of which the tokenizer leaves nothing

 private:
  struct WindowItem {
    model::Item item;
    std::vector<std::size_t> words;  ///< [P] that its positions stand for
  };

  void encode(std::span<const std::string> words);
  std::vector<std::size_t> words_shown_best(const SlidingWindows& windows, std::size_t window) const;
  void add_window(TokenRange range, std::span<const std::size_t> words, std::span<const std::size_t> labels);

  std::shared_ptr<const text::Tokenizer> tokenizer_;
  std::unique_ptr<text::Encoder> encoder_;
  std::size_t capacity_;  ///< of a window, without special tokens
  std::size_t stride_;
  std::vector<WindowItem> items_;
  std::vector<std::size_t> first_words_ = {0};  ///< [S + 1] of each sentence among the choices
  std::vector<std::optional<Choice>> choices_;
  std::int64_t num_long_ = 0;
  std::int64_t num_empty_words_ = 0;
  std::vector<std::int32_t> ids_;          ///< of the sentence being added
  std::vector<std::size_t> first_pieces_;  ///< [W + 1] of each of its words
};

}  // namespace albert::tasks
