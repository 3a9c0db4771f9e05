#include "text/normalizer.h"

#include <unicode/uchar.h>
#include <unicode/utf16.h>

#include "base/error.h"
#include "base/utf8.h"
#include "text/words.h"

namespace albert::text {
namespace {

constexpr std::uint8_t kDropped = 0x80;
constexpr std::uint8_t kOther = 0xFF;  ///< not one ASCII character: takes the long way
constexpr int kUnicodeOfTables = 9;
/// The map is asked for graphemes of fewer bytes (the tokenizers library, normalizers/precompiled.rs).
constexpr std::size_t kClusterBytes = 6;
constexpr std::size_t kMaxCharacters = 4096;  ///< bounds the scratch memory for a long run
/// The longest decomposition makes 11 bytes of one, and 32-bit offsets must hold after it.
constexpr std::size_t kMaxNormalizedBytes = std::size_t{256} << 20;
constexpr UChar32 kReplacement = 0xFFFD;
constexpr UChar32 kCapitalIWithDot = 0x130;
constexpr UChar32 kCombiningDot = 0x307;

bool in_tables(UChar32 c) {
  UVersionInfo age;
  u_charAge(c, age);
  return age[0] > 0 && age[0] <= kUnicodeOfTables;
}

/// Whether a character is a mark in those tables; three have changed their category since.
bool is_mark(UChar32 c) {
  if (c == 0x1CF2 || c == 0x1CF3) return true;
  if (c == 0x111C9) return false;
  return (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0 && in_tables(c);
}

void append(std::string_view characters, Span span, NormalizedText& result, Normalizer::Spans spans) {
  result.text += characters;
  if (spans == Normalizer::Spans::kTrack) result.spans.insert(result.spans.end(), characters.size(), span);
}

/// Where a cluster ends, or the number of characters; takes in those from `next` on.
std::size_t end_of(GraphemeCluster& cluster, const std::vector<NormalizedText::Character>& characters,
                   std::size_t next) {
  while (next < characters.size() && cluster.take(characters[next].code)) ++next;
  return next;
}

const UNormalizer2* nfkd_instance() {
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2* nfkd = unorm2_getNFKDInstance(&status);
  if (U_FAILURE(status)) throw InternalError("ICU has no NFKD: {}; is its data file installed?", u_errorName(status));
  return nfkd;
}

}  // namespace

void check_text_size(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return;
  throw DataError("a text of {} bytes is too long to encode at once (limit {}); split it into lines", text.size(),
                  max_bytes);
}

Normalizer::Normalizer(const TokenizerSettings& settings, std::string_view charsmap)
    : settings_(settings), charsmap_(charsmap), nfkd_(nfkd_instance()) {
  for (unsigned i = 0; i < ascii_.size(); ++i) {
    const char c =
        settings.do_lower_case ? static_cast<char>(u_tolower(static_cast<UChar32>(i))) : static_cast<char>(i);
    const std::string_view mapped = charsmap_.find({&c, 1}).value_or(std::string_view(&c, 1));
    const bool one_to_one = mapped.size() == 1 && is_ascii(mapped[0]) && c != '\r';  // \r\n is one grapheme
    ascii_[i] = one_to_one ? static_cast<std::uint8_t>(mapped[0]) : mapped.empty() ? kDropped : kOther;
    separators_[i] = !mapped.empty() && mapped.find_first_not_of(" \t\n\v\f\r") == std::string_view::npos;
  }
}

void Normalizer::normalize(std::string_view text, NormalizedText& result, Spans spans) const {
  check_text_size(text, kMaxNormalizedBytes);
  result.text.clear();
  result.spans.clear();
  const auto ascii_at = [text](std::size_t i) { return i >= text.size() || is_ascii(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    const bool pair = is_quote_pair(text, i);
    const std::size_t next = pair ? i + 2 : i + 1;
    // An ASCII character before another is a grapheme of its own, and nothing beyond it matters.
    const std::uint8_t ascii =
        is_ascii(text[i]) && ascii_at(next) ? ascii_[static_cast<unsigned char>(pair ? '"' : text[i])] : kOther;
    if (ascii == kOther) {
      const std::size_t end = run_end(text, i);
      normalize_run(text, i, end, result, spans);
      i = end;
      continue;
    }
    if (ascii != kDropped) {
      result.text += static_cast<char>(ascii);
      if (spans == Spans::kTrack)
        result.spans.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(next)});
    }
    i = next;
  }
}

bool Normalizer::keeps(std::string_view text) const {
  NormalizedText normalized;
  normalize(text, normalized);
  WordReader reader(text);
  return normalized.text == text && reader.next() && reader.word() == text;
}

bool Normalizer::is_quote_pair(std::string_view text, std::size_t i) const {
  return (text[i] == '\'' || text[i] == '`') && i + 1 < text.size() && text[i + 1] == text[i];
}

/// A run ends between two ASCII characters that are not one unit.
std::size_t Normalizer::run_end(std::string_view text, std::size_t begin) const {
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    const bool between = is_ascii(text[i - 1]) && is_ascii(text[i]);
    const bool unit = is_quote_pair(text, i - 1) || (text[i - 1] == '\r' && text[i] == '\n');
    if (between && !unit) return i;
  }
  return text.size();
}

void Normalizer::normalize_run(std::string_view text, std::size_t begin, std::size_t end, NormalizedText& result,
                               Spans spans) const {
  std::vector<Character>& characters = result.scratch;
  characters.clear();
  std::optional<GraphemeCluster> open;
  for (std::size_t i = begin; i < end;) {
    const auto start = static_cast<std::uint32_t>(i);
    UChar32 c;
    if (is_quote_pair(text, i)) {
      c = '"';
      i += 2;
    } else {
      std::string_view rest = text.substr(i, end - i);
      c = pop_front(rest);
      if (c == kNoCodePoint) c = kReplacement;
      i = end - rest.size();
    }
    fold(c, {start, static_cast<std::uint32_t>(i)}, characters);
    if (characters.size() < kMaxCharacters) continue;
    const std::size_t done = map_clusters(result, false, open, spans);
    characters.erase(characters.begin(), characters.begin() + static_cast<std::ptrdiff_t>(done));
  }
  map_clusters(result, true, open, spans);
}

void Normalizer::fold(UChar32 c, Span span, std::vector<Character>& characters) const {
  if (settings_.keep_accents || c < 0x80) return lower(c, span, characters);
  std::array<UChar, 32> decomposed;  // the longest decomposition has 18 units
  UErrorCode status = U_ZERO_ERROR;
  const std::int32_t size =
      in_tables(c) ? unorm2_getDecomposition(nfkd_, c, decomposed.data(), decomposed.size(), &status) : -1;
  if (size < 0) {
    if (!is_mark(c)) lower(c, span, characters);
    return;
  }
  // Marks would have to be sorted by their combining class here, if any of them stayed.
  for (std::int32_t i = 0; i < size;) {
    UChar32 part;
    U16_NEXT(decomposed.data(), i, size, part);
    if (!is_mark(part)) lower(part, span, characters);
  }
}

void Normalizer::lower(UChar32 c, Span span, std::vector<Character>& characters) const {
  if (settings_.do_lower_case && c == kCapitalIWithDot) {  // the only character with a longer lower-case form
    characters.push_back({'i', span});
    characters.push_back({kCombiningDot, span});
    return;
  }
  characters.push_back({settings_.do_lower_case ? u_tolower(c) : c, span});
}

/// Returns how many characters are done: all, or, unless the run is complete, all but a short last cluster.
/// \param open the cluster that the characters go on with, if its beginning is done: it is too long for the map, so
/// that its characters are mapped one by one
std::size_t Normalizer::map_clusters(NormalizedText& result, bool complete, std::optional<GraphemeCluster>& open,
                                     Spans spans) const {
  const std::vector<Character>& characters = result.scratch;
  std::size_t first = open ? end_of(*open, characters, 0) : 0;
  map_characters(0, first, result, spans);
  if (first < characters.size()) open.reset();
  while (first < characters.size()) {
    GraphemeCluster cluster(characters[first].code);
    const std::size_t last = end_of(cluster, characters, first + 1);
    if (last == characters.size() && !complete) {
      if (last - first < kClusterBytes) return first;
      open = cluster;
    }
    map_cluster(first, last, result, spans);
    first = last;
  }
  return characters.size();
}

void Normalizer::map_cluster(std::size_t first, std::size_t last, NormalizedText& result, Spans spans) const {
  const std::vector<Character>& characters = result.scratch;
  std::string bytes;  // at most one character beyond kClusterBytes: never allocates
  for (std::size_t i = first; i < last && bytes.size() < kClusterBytes; ++i)
    append_code_point(characters[i].code, bytes);
  if (bytes.size() < kClusterBytes) {
    const auto mapped = charsmap_.find(bytes);
    if (mapped || last - first == 1) {
      const Span span{characters[first].span.begin, characters[last - 1].span.end};
      return append(mapped.value_or(bytes), span, result, spans);
    }
  }
  map_characters(first, last, result, spans);
}

void Normalizer::map_characters(std::size_t first, std::size_t last, NormalizedText& result, Spans spans) const {
  const std::vector<Character>& characters = result.scratch;
  std::string bytes;
  for (std::size_t i = first; i < last; ++i) {
    bytes.clear();
    append_code_point(characters[i].code, bytes);
    append(charsmap_.find(bytes).value_or(bytes), characters[i].span, result, spans);
  }
}

bool Normalizer::stands_alone(std::string_view part) {
  if (part.empty() || (is_ascii(part.front()) && is_ascii(part.back()))) return true;
  std::string_view front = part;
  GraphemeCluster space(' ');
  GraphemeCluster last(pop_back(part));
  return !space.take(pop_front(front)) && !last.take(' ');
}

}  // namespace albert::text
