#include "text/new_words.h"

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>

#include <spdlog/fmt/ranges.h>
#include <unicode/uchar.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/shown.h"
#include "base/utf8.h"
#include "text/basic_tokenizer.h"
#include "text/extended_tokenizer.h"
#include "text/foreign_format.h"
#include "text/piece_trie.h"
#include "text/special_tokens.h"
#include "text/whitespace.h"

namespace albert::text {

namespace {

constexpr std::size_t kMaxMistakes = 20;  ///< that a message lists

std::size_t num_characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !continues_character(c); }));
}

std::vector<std::int32_t> pieces_of(std::string_view word, const VocabularyTokenizer& vocabulary) {
  std::vector<std::int32_t> ids;
  vocabulary.append_word(word, ids);
  return ids;
}

/// The pieces of a vocabulary. One of them may still not be what its word is cut into, as scores have it.
std::unordered_set<std::string_view> pieces_in(const VocabularyTokenizer& vocabulary) {
  std::unordered_set<std::string_view> pieces;
  for (std::int32_t id = 0; id < vocabulary.vocabulary_size(); ++id) pieces.insert(vocabulary.piece(id));
  return pieces;
}

/// The words of a line, or what is wrong with it.
struct Line {
  std::vector<std::string> words;
  std::string mistake;
};

Line read_line(std::string_view text, const VocabularyTokenizer& vocabulary) {
  if (auto problem = why_no_text(text)) return {{}, *problem};
  const SpecialSpellings special = special_spellings(vocabulary);
  if (const auto found = find_special_token(text, 0, special)) {
    return {{}, fmt::format("{} holds the special token {}", in_quotes(text), special[found->token])};
  }
  Line line{vocabulary.words(text), ""};
  if (line.words.empty()) {
    line.mistake = fmt::format("{} is nothing to the tokenizer, which leaves its characters out", in_quotes(text));
  } else if (line.words.size() > 1) {
    line.mistake = fmt::format("{} is {} words to the tokenizer ({}); expected one", in_quotes(text), line.words.size(),
                               listed(line.words));
  } else if (vocabulary.kind() == VocabularyKind::kWordPiece &&
             num_characters(line.words[0]) > BasicTokenizer::kMaxWordCharacters) {
    line.mistake = fmt::format("{} has more than the {} characters that WordPiece takes", in_quotes(text),
                               BasicTokenizer::kMaxWordCharacters);
  } else if (line.words[0].size() > PieceTrie::kMaxKeyBytes) {
    line.mistake = fmt::format("{} has {} bytes; a piece has at most {}", in_quotes(text), line.words[0].size(),
                               PieceTrie::kMaxKeyBytes);
  }
  return line;
}

[[noreturn]] void refuse(const std::filesystem::path& file, std::vector<std::string> mistakes) {
  const std::size_t count = mistakes.size();
  if (count > kMaxMistakes) {
    mistakes.resize(kMaxMistakes);
    mistakes.push_back(fmt::format("and {} more", count - kMaxMistakes));
  }
  throw DataError("{}: expected a word a line; {} to change or take out:\n  {}", file.string(), counted(count, "line"),
                  fmt::join(mistakes, "\n  "));
}

/// The part of a word that may become a piece. SentencePiece's words have signs at their ends: of them, it is the letters
/// and digits at the beginning. Nothing if there are none, or too many.
std::optional<std::string_view> stem_of(std::string_view word, VocabularyKind kind) {
  const std::string_view mark = kind == VocabularyKind::kSentencePiece ? kWordMark : "";
  std::string_view rest = word.substr(mark.size());
  const auto is_letter_or_digit = [](UChar32 c) { return u_isalnum(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0; };
  std::size_t length = 0;
  std::size_t end = mark.size();
  while (!rest.empty() && is_letter_or_digit(pop_front(rest))) {
    ++length;
    end = word.size() - rest.size();
  }
  const bool is_whole = end == word.size();
  if (length == 0 || length > WordCounts::kMaxCharacters) return std::nullopt;
  if (kind == VocabularyKind::kWordPiece && !is_whole) return std::nullopt;
  return word.substr(0, end);
}

}  // namespace

NewWords read_new_words(const std::filesystem::path& file, const Tokenizer& tokenizer) {
  const VocabularyTokenizer& vocabulary = vocabulary_of(tokenizer);
  const std::string content = read_file(file);
  std::string_view rest = content;
  if (rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
  NewWords result;
  std::vector<std::string> mistakes;
  std::unordered_set<std::string> seen;
  const std::unordered_set<std::string_view> pieces = pieces_in(vocabulary);
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find_first_of("\r\n"), rest.size());  // also of old Macs
    const std::string_view text = trim(rest.substr(0, end));
    const std::size_t length = end + (rest.substr(end).starts_with("\r\n") ? 2 : 1);
    rest.remove_prefix(std::min(length, rest.size()));
    if (text.empty()) continue;
    Line line = read_line(text, vocabulary);
    if (!line.mistake.empty()) {
      mistakes.push_back(fmt::format("line {}: {}", number, line.mistake));
    } else if (pieces.contains(line.words[0]) || !seen.insert(line.words[0]).second) {
      result.known.emplace_back(text);
    } else {
      result.words.push_back(std::move(line.words[0]));
    }
  }
  if (!mistakes.empty()) refuse(file, std::move(mistakes));
  return result;
}

WordCounts::WordCounts(const Tokenizer& tokenizer, std::size_t max_words)
    : tokenizer_(tokenizer), max_words_(max_words) {}

void WordCounts::add(std::string_view text) {
  for (std::string& spelled : vocabulary_of(tokenizer_).words(text)) {
    const auto [place, is_new] = words_.try_emplace(std::move(spelled));
    Word& word = place->second;
    if (is_new) word.num_pieces = count_pieces(place->first);
    ++word.count;
    num_tokens_ += word.num_pieces;
  }
  if (words_.size() > max_words_) forget_rarer_half();
}

std::uint64_t WordCounts::count_pieces(std::string_view word) const {
  return pieces_of(word, vocabulary_of(tokenizer_)).size();
}

/// So that a text of any length takes the room of so many words, and they are gone over once for as many new ones as
/// are forgotten.
void WordCounts::forget_rarer_half() {
  std::vector<std::uint64_t> counts;
  counts.reserve(words_.size());
  for (const auto& [spelled, word] : words_) counts.push_back(word.count);
  const auto middle = counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2);
  std::ranges::nth_element(counts, middle);
  const std::uint64_t most = *middle;
  std::erase_if(words_, [most](const auto& entry) { return entry.second.count <= most; });
}

std::uint64_t WordCounts::num_tokens_with(const Tokenizer& other) const {
  const VocabularyTokenizer& vocabulary = vocabulary_of(other);
  std::uint64_t number = num_tokens_;
  for (const auto& [spelled, word] : words_) {
    number -= word.count * word.num_pieces;
    number += word.count * pieces_of(spelled, vocabulary).size();
  }
  return number;
}

std::vector<std::string> WordCounts::best(std::size_t max_words) const {
  std::unordered_map<std::string_view, std::uint64_t> counts;
  for (const auto& [spelled, word] : words_) {
    if (const auto stem = stem_of(spelled, tokenizer_.kind())) counts[*stem] += word.count;
  }
  const std::unordered_set<std::string_view> pieces = pieces_in(vocabulary_of(tokenizer_));
  std::vector<std::pair<std::uint64_t, std::string_view>> gains;
  for (const auto& [stem, count] : counts) {
    if (count < kMinCount || pieces.contains(stem)) continue;
    const std::uint64_t gain = count * (count_pieces(stem) - 1);
    if (gain > 0) gains.emplace_back(gain, stem);
  }
  // Of equal gains the first in the order of their bytes, so that the order of the table does not count.
  std::ranges::sort(
      gains, [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  if (gains.size() > max_words) gains.resize(max_words);
  std::vector<std::string> words;
  for (const auto& [gain, stem] : gains) words.emplace_back(stem);
  return words;
}

}  // namespace albert::text
