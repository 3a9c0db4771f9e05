#include "text/word_counts.h"

#include <algorithm>

#include "text/utf8.h"
#include "text/words.h"

namespace albert::text {
namespace {

/// SentencePiece leaves out what is longer than 4192 bytes; in a language without spaces that may be a paragraph.
constexpr std::size_t kMaxWordBytes = 4000;

std::size_t cut_at_character(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text.size();
  while ((static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
  return limit;
}

}  // namespace

void WordCounts::add(std::string_view line) {
  normalizer_.normalize(line, normalized_);
  for (WordReader reader(normalized_.text); reader.next();) {
    std::string_view word = reader.word();
    if (word.starts_with(kWordMark)) word.remove_prefix(kWordMark.size());
    while (!word.empty()) {
      const std::size_t size = cut_at_character(word, kMaxWordBytes);
      add_word(word.substr(0, size));
      word.remove_prefix(size);
    }
  }
}

void WordCounts::add_word(std::string_view word) {
  ++counts_[std::string(word)];
}

std::vector<std::pair<std::string, std::uint64_t>> WordCounts::sorted() const {
  std::vector<std::pair<std::string, std::uint64_t>> words(counts_.begin(), counts_.end());
  std::sort(words.begin(), words.end());
  return words;
}

}  // namespace albert::text
