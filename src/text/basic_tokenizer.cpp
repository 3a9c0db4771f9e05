#include "text/basic_tokenizer.h"

#include <algorithm>
#include <array>
#include <utility>

#include <unicode/uchar.h>
#include <unicode/utf16.h>

#include "base/error.h"
#include "base/utf8.h"

namespace albert::text {

namespace {

constexpr int kUnicodeOfTables = 8;
constexpr UChar32 kReplacement = 0xFFFD;

/// Whether a character was there, in one of the categories of `mask`.
bool is_in(UChar32 c, std::uint32_t mask) {
  if ((U_GET_GC_MASK(c) & mask) == 0) return false;
  UVersionInfo age;
  u_charAge(c, age);
  return age[0] <= kUnicodeOfTables;
}

constexpr UChar32 kCapitalIWithDot = 0x130;
constexpr UChar32 kCombiningDot = 0x307;
/// The version that the tables for decomposition know: characters that Unicode got later stay as they are.
constexpr int kUnicodeOfDecomposition = 9;
constexpr std::int32_t kMaxDecomposition = 32;  ///< UTF-16 units; the longest has 4

const UNormalizer2* nfd_instance() {
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2* nfd = unorm2_getNFDInstance(&status);
  if (U_FAILURE(status)) throw InternalError("ICU has no NFD: {}; is its data file installed?", u_errorName(status));
  return nfd;
}

bool in_tables(UChar32 c) {
  UVersionInfo age;
  u_charAge(c, age);
  return age[0] <= kUnicodeOfDecomposition;
}

/// The canonical decomposition of one character as UTF-16; its length, or -1 if it has none.
std::int32_t decompose(const UNormalizer2* nfd, UChar32 c, std::array<UChar, kMaxDecomposition>& units) {
  UErrorCode status = U_ZERO_ERROR;
  const std::int32_t size = unorm2_getDecomposition(nfd, c, units.data(), kMaxDecomposition, &status);
  return size < 0 || in_tables(c) ? size : -1;
}

std::uint8_t combining_class(UChar32 c) {
  const std::uint8_t found = c < 0x300 ? 0 : u_getCombiningClass(c);
  return found == 0 || in_tables(c) ? found : 0;
}

void append(UChar32 c, Span from, std::string& text, std::vector<Span>& spans) {
  const std::size_t before = text.size();
  append_code_point(c, text);
  spans.insert(spans.end(), text.size() - before, from);
}

/// A text that grows, with the members of a word.
struct GrowingText {
  NormalizedText& result;
  bool has_marks = false;

  void add(UChar32 c, Span from) { append(c, from, result.text, result.spans); }
};

/// A character that combines with the one before it.
struct Mark {
  UChar32 code;
  std::uint8_t own_class;
  Span from;
};

/// Appends marks in the order of their classes; then there are none.
void write_in_order(std::vector<Mark>& marks, std::string& text, std::vector<Span>& spans) {
  std::ranges::stable_sort(marks, {}, &Mark::own_class);
  for (const Mark& mark : marks) append(mark.code, mark.from, text, spans);
  marks.clear();
}

/// Puts the marks behind each letter in canonical order: by their combining class, those of one class as they stand.
void put_marks_in_order(std::string& text, std::vector<Span>& spans) {
  const std::string unordered = std::exchange(text, {});
  const std::vector<Span> unordered_spans = std::exchange(spans, {});
  std::vector<Mark> marks;
  for (std::string_view rest = unordered; !rest.empty();) {
    const Span from = unordered_spans[unordered.size() - rest.size()];
    const UChar32 c = pop_front(rest);
    if (const std::uint8_t own_class = combining_class(c); own_class > 0) {
      marks.push_back({c, own_class, from});
      continue;
    }
    write_in_order(marks, text, spans);
    append(c, from, text, spans);
  }
  write_in_order(marks, text, spans);
}

}  // namespace

bool is_bert_removed(std::int32_t c) {
  if (c == '\t' || c == '\n' || c == '\r') return false;
  return c == kReplacement || is_in(c, U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK);
}

bool is_bert_space(std::int32_t c) {
  return u_isUWhiteSpace(c) != 0;
}

bool is_bert_chinese(std::int32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x2A6DF) ||
         (c >= 0x2A700 && c <= 0x2B81F) || (c >= 0x2B920 && c <= 0x2CEAF) ||  // 0x2B820 in Google's code
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

// Some characters have changed their category since.
bool is_bert_punctuation(std::int32_t c) {
  if (c < 0x80) return c > ' ' && c < 0x7F && u_isalnum(c) == 0;
  return c == 0x166D || c == 0x111C9 || is_in(c, U_GC_P_MASK);
}

bool is_bert_accent(std::int32_t c) {
  if (c == 0x1734) return true;
  if (c == 0x1885 || c == 0x1886 || c == 0xA9BD || c == 0x111C9) return false;
  return is_in(c, U_GC_MN_MASK);
}

void BasicTokenizer::Word::clear() {
  text.clear();
  spans.clear();
  num_characters = 0;
  has_marks = false;
}

void BasicTokenizer::Word::add(UChar32 c, Span from) {
  if (num_characters == 0) span = from;
  span.end = from.end;
  if (is_too_long()) return;
  ++num_characters;
  append(c, from, text, spans);
}

BasicTokenizer::BasicTokenizer(const WordPieceSettings& settings)
    : settings_(settings), strips_accents_(settings.strips_accents()), nfd_(nfd_instance()) {}

bool BasicTokenizer::next(std::string_view text, std::size_t& position, Word& word) const {
  word.clear();
  const bool found = take_word(text, position, word);
  if (word.has_marks) put_marks_in_order(word.text, word.spans);
  return found;
}

/// next() with marks in the order of the text.
bool BasicTokenizer::take_word(std::string_view text, std::size_t& position, Word& word) const {
  while (position < text.size()) {
    std::string_view rest = text.substr(position);
    UChar32 c = pop_front(rest);
    if (c == kNoCodePoint) c = kReplacement;
    const std::size_t end = text.size() - rest.size();
    const Step step = take(c, {static_cast<std::uint32_t>(position), static_cast<std::uint32_t>(end)}, word);
    if (step == Step::kEndBefore) return true;
    position = end;
    if (step == Step::kEndAfter) return true;
  }
  return word.num_characters > 0;
}

void BasicTokenizer::normalize(std::string_view text, NormalizedText& result) const {
  result.text.clear();
  result.spans.clear();
  GrowingText growing{result};
  for (std::size_t position = 0; position < text.size();) {
    std::string_view rest = text.substr(position);
    UChar32 c = pop_front(rest);
    if (c == kNoCodePoint) c = kReplacement;
    const std::size_t end = text.size() - rest.size();
    const Span span{static_cast<std::uint32_t>(position), static_cast<std::uint32_t>(end)};
    position = end;
    if (is_bert_removed(c)) continue;
    const bool stands_apart = settings_.tokenize_chinese_chars && is_bert_chinese(c);
    if (stands_apart || is_bert_space(c)) growing.add(' ', span);
    if (is_bert_space(c)) continue;
    for_each_part(c, [&](UChar32 part) {
      if (!strips_accents_ || !is_bert_accent(part)) add_lowered(part, span, growing);
      return true;
    });
    if (stands_apart) growing.add(' ', span);
  }
  if (growing.has_marks) put_marks_in_order(result.text, result.spans);
}

/// Gives what a character decomposes to, where accents are stripped, to `take` as long as that says true.
template <typename Take>
void BasicTokenizer::for_each_part(UChar32 c, const Take& take) const {
  std::array<UChar, kMaxDecomposition> units;
  const std::int32_t size = strips_accents_ && c >= 0x80 ? decompose(nfd_, c, units) : -1;
  if (size < 0) take(c);
  for (std::int32_t i = 0; i < size;) {
    UChar32 part;
    U16_NEXT(units.data(), i, size, part);
    if (!take(part)) return;
  }
}

/// Adds a character to the word, unless it ends it.
BasicTokenizer::Step BasicTokenizer::take(UChar32 c, Span span, Word& word) const {
  if (is_bert_removed(c)) return Step::kGoOn;
  const bool begun = word.num_characters > 0;
  if (is_bert_space(c)) return begun ? Step::kEndAfter : Step::kGoOn;
  const bool is_word = settings_.tokenize_chinese_chars && is_bert_chinese(c);
  if (is_word && begun) return Step::kEndBefore;

  Step step = Step::kGoOn;
  for_each_part(c, [&](UChar32 part) { return (step = take_part(part, span, word)) == Step::kGoOn; });
  return is_word ? Step::kEndAfter : step;
}

/// Adds a character that does not decompose any further. Punctuation decomposes to punctuation with accents at most,
/// so that a character is never ended in its middle.
BasicTokenizer::Step BasicTokenizer::take_part(UChar32 c, Span span, Word& word) const {
  if (strips_accents_ && is_bert_accent(c)) return Step::kGoOn;
  const bool is_word = is_bert_punctuation(c);
  if (is_word && word.num_characters > 0) return Step::kEndBefore;
  add_lowered(c, span, word);
  return is_word ? Step::kEndAfter : Step::kGoOn;
}

template <typename Target>
void BasicTokenizer::add_lowered(UChar32 c, Span span, Target& target) const {
  if (settings_.do_lower_case && c == kCapitalIWithDot) {  // the only character with a longer lower-case form
    target.add('i', span);
    target.add(kCombiningDot, span);
    return;
  }
  const UChar32 letter = settings_.do_lower_case ? u_tolower(c) : c;
  target.has_marks = target.has_marks || (strips_accents_ && combining_class(letter) > 0);
  target.add(letter, span);
}

}  // namespace albert::text
