#include "tasks/tokens/sentence_set.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "tasks/common/pair_encoding.h"

namespace albert::tasks {

namespace {

constexpr std::int64_t kNumSpecial = 2;  ///< [CLS] and [SEP]

/// The highest of the scores, and its share of the softmax.
SentenceSet::Choice choose(std::span<const float> scores) {
  const auto best = std::ranges::max_element(scores);
  double sum = 0;
  for (const float score : scores) sum += std::exp(static_cast<double>(score) - *best);
  return {.label = static_cast<std::size_t>(best - scores.begin()), .probability = 1 / sum};
}

}  // namespace

SentenceSet::SentenceSet(std::shared_ptr<const text::Tokenizer> tokenizer, std::int64_t max_length, std::int64_t stride)
    : tokenizer_(std::move(tokenizer)),
      encoder_(tokenizer_->make_encoder()),
      capacity_(static_cast<std::size_t>(max_length - kNumSpecial)),
      stride_(static_cast<std::size_t>(stride)) {}

void SentenceSet::add(std::span<const std::string> words, std::span<const std::size_t> labels) {
  encode(words);
  const std::size_t first_word = choices_.size();
  choices_.resize(first_word + words.size());
  first_words_.push_back(choices_.size());
  const SlidingWindows windows(ids_.size(), capacity_, stride_);
  if (windows.count() > 1) ++num_long_;
  for (std::size_t window = 0; window < windows.count(); ++window) {
    const std::vector<std::size_t> shown = words_shown_best(windows, window);
    // A window in the midst of one long word tags nothing.
    if (!shown.empty()) add_window(windows[window], shown, labels);
  }
}

/// The words that a window tags.
std::vector<std::size_t> SentenceSet::words_shown_best(const SlidingWindows& windows, std::size_t window) const {
  const auto begin = std::ranges::lower_bound(first_pieces_, windows[window].begin);
  std::vector<std::size_t> shown;
  for (auto word = static_cast<std::size_t>(begin - first_pieces_.begin());
       word + 1 < first_pieces_.size() && windows[window].contains(first_pieces_[word]); ++word) {
    const bool has_piece = first_pieces_[word] < first_pieces_[word + 1];
    if (has_piece && windows.shows_best(window, first_pieces_[word])) shown.push_back(word);
  }
  return shown;
}

/// The pieces of all words, end to end.
void SentenceSet::encode(std::span<const std::string> words) {
  ids_.clear();
  first_pieces_.assign(1, 0);
  for (const std::string& word : words) {
    encoder_->encode(word, ids_);
    if (ids_.size() == first_pieces_.back()) ++num_empty_words_;
    first_pieces_.push_back(ids_.size());
  }
}

void SentenceSet::add_window(TokenRange range, std::span<const std::size_t> words,
                             std::span<const std::size_t> labels) {
  WindowItem window;
  const auto first = ids_.begin() + static_cast<std::ptrdiff_t>(range.begin);
  const auto last = ids_.begin() + static_cast<std::ptrdiff_t>(range.end);
  window.item.sequences.push_back(make_sequence(tokenizer_->special(), {first, last}));
  for (const std::size_t word : words) {
    window.item.positions.push_back(static_cast<std::int32_t>(first_pieces_[word] - range.begin) + 1);  // after [CLS]
    if (!labels.empty()) window.item.labels.push_back(static_cast<std::int64_t>(labels[word]));
    window.words.push_back(first_words_[first_words_.size() - 2] + word);
  }
  items_.push_back(std::move(window));
}

void SentenceSet::take_scores(std::size_t index, std::span<const float> scores) {
  const std::vector<std::size_t>& words = items_[index].words;
  if (scores.empty() || scores.size() % words.size() != 0) {
    throw InternalError("{} scores for {} words", scores.size(), words.size());
  }
  const std::size_t num_labels = scores.size() / words.size();
  for (std::size_t i = 0; i < words.size(); ++i) {
    choices_[words[i]] = choose(scores.subspan(i * num_labels, num_labels));
  }
}

std::span<const std::optional<SentenceSet::Choice>> SentenceSet::choices(std::size_t sentence) const {
  const std::size_t begin = first_words_[sentence];
  return std::span(choices_).subspan(begin, first_words_[sentence + 1] - begin);
}

void SentenceSet::clear() {
  items_.clear();
  first_words_.assign(1, 0);
  choices_.clear();
  num_long_ = 0;
  num_empty_words_ = 0;
}

}  // namespace albert::tasks
