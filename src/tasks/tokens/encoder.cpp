#include "tasks/tokens/encoder.h"

#include <algorithm>
#include <utility>

#include "tasks/common/pair_encoding.h"

namespace albert::tasks {

namespace {

constexpr std::int64_t kNumSpecial = 2;  // [CLS] and [SEP]

}  // namespace

TokenEncoder::TokenEncoder(const text::Tokenizer& tokenizer, std::vector<std::string> labels, std::int64_t max_length,
                           std::int64_t stride)
    : encoder_(tokenizer.make_encoder()),
      special_(tokenizer.special()),
      labels_(std::move(labels)),
      capacity_(static_cast<std::size_t>(max_length - kNumSpecial)),
      stride_(static_cast<std::size_t>(stride)) {
  for (std::size_t i = 0; i < labels_.size(); ++i) classes_.emplace(labels_[i], i);
}

std::optional<Encoded<TokenEncoder::Trace>> TokenEncoder::encode(const TaggedSentence& sentence, Purpose purpose) {
  const std::vector<std::optional<std::int64_t>> classes = classes_of(sentence);
  const auto has_class = [&classes](std::size_t word) { return classes[word].has_value(); };
  const bool is_taught = purpose == Purpose::kTraining && !sentence.tags.empty();
  if (is_taught && std::ranges::none_of(classes, [](const auto& c) { return c.has_value(); })) return std::nullopt;
  encode_words(sentence.words);
  Encoded<Trace> encoded{.items = {}, .trace = {.num_words = sentence.words.size()}};
  const SlidingWindows windows(ids_.size(), capacity_, stride_);
  if (windows.count() > 1) ++num_long_;
  for (std::size_t window = 0; window < windows.count(); ++window) {
    std::vector<std::size_t> shown = words_shown_best(windows, window);
    const auto others = std::ranges::stable_partition(shown, has_class);
    const std::span<const std::size_t> labelled(shown.begin(), others.begin()), unlabelled(others);
    for (const auto words : {labelled, is_taught ? std::span<const std::size_t>() : unlabelled}) {
      if (words.empty()) continue;  // as of a window in the midst of one long word
      encoded.items.push_back(make_item(windows[window], words, classes));
      encoded.trace.words.insert(encoded.trace.words.end(), words.begin(), words.end());
    }
  }
  return encoded;
}

/// [W] of each word, nothing where it has none.
std::vector<std::optional<std::int64_t>> TokenEncoder::classes_of(const TaggedSentence& sentence) const {
  std::vector<std::optional<std::int64_t>> classes(sentence.words.size());
  for (std::size_t word = 0; word < sentence.tags.size(); ++word) {
    const auto found = classes_.find(sentence.tags[word]);
    if (found != classes_.end()) classes[word] = found->second;
  }
  return classes;
}

/// The pieces of all words, end to end.
void TokenEncoder::encode_words(std::span<const std::string> words) {
  ids_.clear();
  first_pieces_.assign(1, 0);
  for (const std::string& word : words) {
    encoder_->encode(word, ids_);
    if (ids_.size() == first_pieces_.back()) ++num_empty_words_;
    first_pieces_.push_back(ids_.size());
  }
}

/// The words that a window tags.
std::vector<std::size_t> TokenEncoder::words_shown_best(const SlidingWindows& windows, std::size_t window) const {
  const auto begin = std::ranges::lower_bound(first_pieces_, windows[window].begin);
  std::vector<std::size_t> shown;
  for (auto word = static_cast<std::size_t>(begin - first_pieces_.begin());
       word + 1 < first_pieces_.size() && windows[window].contains(first_pieces_[word]); ++word) {
    const bool has_piece = first_pieces_[word] < first_pieces_[word + 1];
    if (has_piece && windows.shows_best(window, first_pieces_[word])) shown.push_back(word);
  }
  return shown;
}

model::Item TokenEncoder::make_item(TokenRange range, std::span<const std::size_t> words,
                                    std::span<const std::optional<std::int64_t>> classes) const {
  const auto first = ids_.begin() + static_cast<std::ptrdiff_t>(range.begin);
  const auto last = ids_.begin() + static_cast<std::ptrdiff_t>(range.end);
  model::Item item;
  item.sequences.push_back(make_sequence(special_, {first, last}));
  for (const std::size_t word : words) {
    item.positions.push_back(static_cast<std::int32_t>(first_pieces_[word] - range.begin) + 1);  // after [CLS]
    if (classes[word]) item.labels.push_back(*classes[word]);
  }
  return item;
}

}  // namespace albert::tasks
