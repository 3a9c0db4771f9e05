#include "text/stripped_marks.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include <spdlog/fmt/fmt.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/utf16.h>

#include "base/shown.h"
#include "base/utf8.h"
#include "text/words.h"

namespace albert::text {

namespace {

constexpr std::size_t kMaxLines = 100'000;
constexpr std::size_t kMaxWordBytes = 60;
constexpr std::size_t kPieceCharacters = 15;  ///< shown of a longer one
/// Marks to a letter beyond which they are told of.
constexpr double kMost = 0.005;
constexpr double kMostOfAlphabet = 0.1;  ///< of Latin and Greek
/// Share of all letters that a script must have.
constexpr double kLeastShare = 0.01;

struct ScriptCounts {
  std::uint64_t letters = 0;
  std::uint64_t marks = 0;
  std::string word;  ///< the first one with marks
};

/// Counts the marks of texts by the script of what they belong to.
class MarkCounter {
 public:
  void add(std::string_view line) {
    for (WordReader reader(line); reader.next();) add_word(reader.word());
  }

  const std::map<UScriptCode, ScriptCounts>& scripts() const { return scripts_; }

 private:
  void add_word(std::string_view word) {
    if (std::ranges::all_of(word, is_ascii)) {
      scripts_[USCRIPT_LATIN].letters += word.size();
      return;
    }
    base_ = USCRIPT_COMMON;
    from_base_ = word;
    for (std::string_view rest = word; !rest.empty();) {
      const std::string_view here = rest;
      add_character(pop_front(rest), word, here);
    }
  }

  /// \param here the rest of the word, from the character on
  void add_character(UChar32 c, std::string_view word, std::string_view here) {
    if (c == kNoCodePoint) return;
    std::array<UChar, 32> parts;  // the longest decomposition has 18 units
    UErrorCode status = U_ZERO_ERROR;
    const std::int32_t size =
        unorm2_getDecomposition(unorm2_getNFKDInstance(&status), c, parts.data(), parts.size(), &status);
    if (size < 0) add_part(c, word, here);
    for (std::int32_t i = 0; i < size;) {
      UChar32 part;
      U16_NEXT(parts.data(), i, size, part);
      add_part(part, word, here);
    }
  }

  void add_part(UChar32 c, std::string_view word, std::string_view here) {
    const bool is_mark = (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
    UErrorCode status = U_ZERO_ERROR;
    const UScriptCode script = uscript_getScript(c, &status);
    const bool has_script = script != USCRIPT_COMMON && script != USCRIPT_INHERITED;
    if (!is_mark) {
      base_ = has_script ? script : USCRIPT_COMMON;
      from_base_ = here;
    }
    const UScriptCode of = has_script ? script : base_;
    if (of == USCRIPT_COMMON) return;
    ScriptCounts& counts = scripts_[of];
    ++(is_mark ? counts.marks : counts.letters);
    if (is_mark && counts.word.empty()) counts.word = example(word);
  }

  /// The word, or of a long one, as where words have no spaces between them, a piece that begins with the letter of the
  /// mark.
  std::string example(std::string_view word) const {
    return word.size() <= kMaxWordBytes ? std::string(word) : beginning(from_base_, kPieceCharacters);
  }

  std::map<UScriptCode, ScriptCounts> scripts_;
  UScriptCode base_ = USCRIPT_COMMON;  ///< of the last letter
  std::string_view from_base_;         ///< the rest of the word, from that letter on
};

bool is_loss(UScriptCode script, const ScriptCounts& counts, std::uint64_t all_letters) {
  const bool is_alphabet = script == USCRIPT_LATIN || script == USCRIPT_GREEK;
  const auto letters = static_cast<double>(std::max<std::uint64_t>(counts.letters, 1));
  return static_cast<double>(counts.letters) >= kLeastShare * static_cast<double>(all_letters) &&
         static_cast<double>(counts.marks) > (is_alphabet ? kMostOfAlphabet : kMost) * letters;
}

}  // namespace

std::vector<std::string> find_stripped_letters(const std::vector<std::string>& lines, const Normalizer& normalizer) {
  MarkCounter counter;
  const std::size_t step = std::max<std::size_t>(1, lines.size() / kMaxLines);
  for (std::size_t i = 0; i < lines.size(); i += step) counter.add(lines[i]);
  std::uint64_t all_letters = 0;
  for (const auto& [script, counts] : counter.scripts()) all_letters += counts.letters;
  std::vector<std::string> losses;
  NormalizedText normalized;
  for (const auto& [script, counts] : counter.scripts()) {
    if (!is_loss(script, counts, all_letters)) continue;
    normalizer.normalize(counts.word, normalized);
    losses.push_back(fmt::format("{} ({} becomes {})", uscript_getName(script), counts.word, normalized.text));
  }
  return losses;
}

}  // namespace albert::text
