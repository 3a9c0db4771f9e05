#include "text/sentence_splitter.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <unicode/brkiter.h>
#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/ures.h>
#include <unicode/utext.h>

#include "base/error.h"
#include "base/shown.h"
#include "base/utf8.h"
#include "text/whitespace.h"

namespace albert::text {

namespace {

/// What CLDR's suppressions lack or should lack: some of them are ordinary words that end sentences all the time
/// ("Go.", "mar.").
struct Amendment {
  std::string_view language;
  std::vector<std::string_view> add;
  std::vector<std::string_view> remove;
};

const std::vector<Amendment>& amendments() {
  static const std::vector<Amendment> kTable{
      {"en",
       {"Dr.",    "Drs.",   "St.",   "Ste.", "Messrs.", "Mme.", "Mlle.", "Mons.", "Gen.", "Gov.", "Hon.", "Sen.",
        "Lieut.", "Sergt.", "Revd.", "Fig.", "Vol.",    "i.e.", "e.g.",  "cf.",   "viz.", "p.",   "vol.", "ch."},
       {"On.", "In.",  "To.",  "Up.",   "Or.",  "Is.",   "Go.",  "Do.",  "All.", "As.",  "By.",   "Ok.",
        "OK.", "Job.", "Joe.", "Long.", "Hat.", "Link.", "Act.", "Pro.", "Cap.", "Min.", "Card.", "Jam."}},
      {"de",
       {"Hl.", "Prof.", "Bd.", "bzw.", "ca.", "d.h."},
       {"Art.", "Alt.", "Test.", "PIN.", "Port.", "Max.", "am.", "led."}},
      {"fr", {"Dr.", "Mgr.", "St.", "cf."}, {"mer.", "jeu.", "All.", "dest."}},
      {"es", {}, {"mar.", "Sol.", "Bien.", "Kit.", "Rol.", "All."}},
      {"it", {"Dott.", "Prof.", "cfr."}, {"all."}},
      {"pt", {}, {"mar.", "com.", "res."}},
  };
  return kTable;
}

struct CloseBundle {
  void operator()(UResourceBundle* bundle) const { ures_close(bundle); }
};
using Bundle = std::unique_ptr<UResourceBundle, CloseBundle>;

bool is_closing(std::int32_t c) {
  if (c == '"' || c == '\'') return true;
  const auto category = static_cast<UCharCategory>(u_charType(c));
  return category == U_END_PUNCTUATION || category == U_FINAL_PUNCTUATION || category == U_INITIAL_PUNCTUATION;
}

/// The text without opening brackets and quotation marks at its end.
std::string_view without_opening(std::string_view text) {
  for (std::string_view rest = text;; text = rest) {
    const auto category = static_cast<UCharCategory>(u_charType(pop_back(rest)));
    if (category != U_START_PUNCTUATION && category != U_INITIAL_PUNCTUATION) return text;
  }
}

/// The word that ends the text, full stops and hyphens within it included: of "(z.B." it is "z.B.".
std::string_view last_word(std::string_view text) {
  std::string_view rest = text;
  for (std::string_view before = rest;; rest = before) {
    const std::int32_t c = pop_back(before);
    const bool inside = c == '.' || c == '-' || (c > 0 && (u_isalnum(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0));
    if (!inside) return text.substr(rest.size());
  }
}

/// Languages that write an ordinal number as digits with a full stop: "am 3. Oktober".
bool writes_ordinals_with_full_stop(std::string_view language) {
  static constexpr std::array<std::string_view, 24> kLanguages{"bs", "cs", "da", "de", "et", "eu", "fi", "fo",
                                                               "hr", "hu", "is", "lb", "lt", "lv", "nb", "nn",
                                                               "no", "pl", "sk", "sl", "sr", "tr", "se", "hsb"};
  return std::find(kLanguages.begin(), kLanguages.end(), language) != kLanguages.end();
}

/// "J." and the end of "J.R.R." and "J.-P.", not that of "Otto I." which cannot be told apart.
bool is_initial(std::string_view word) {
  word.remove_suffix(1);  // the full stop
  if (!u_isupper(pop_back(word))) return false;
  return word.empty() || word.back() == '.' || word.back() == '-';
}

bool is_short_number(std::string_view word) {
  word.remove_suffix(1);
  return !word.empty() && word.size() <= 2 &&
         std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool contains_paragraph_separator(std::string_view space) {
  static constexpr std::array<std::string_view, 5> kSeparators{"\n", "\r", "\u0085", "\u2028", "\u2029"};
  return std::any_of(kSeparators.begin(), kSeparators.end(),
                     [&](std::string_view separator) { return space.find(separator) != std::string_view::npos; });
}

bool equal_but_for_case(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::ranges::equal(one, other, {}, lower, lower);
}

/// The code of the language that most people write in the country with a code; empty if there is none.
std::string language_of_country(std::string_view country) {
  const char* const* known = icu::Locale::getISOCountries();
  while (*known != nullptr && !equal_but_for_case(*known, country)) ++known;
  if (*known == nullptr) return "";
  UErrorCode status = U_ZERO_ERROR;
  icu::Locale locale("und", *known);
  locale.addLikelySubtags(status);
  return U_SUCCESS(status) ? locale.getLanguage() : "";
}

/// "is it 'zh' (Chinese)? " for the name of a language, a code of three letters or that of a country, which are often
/// written for a code of ISO 639-1; empty if there is none.
std::string languages_like(std::string_view word) {
  const std::string country_language = language_of_country(word);
  for (const char* const* code = icu::Locale::getISOLanguages(); *code != nullptr; ++code) {
    const icu::Locale locale(*code);
    icu::UnicodeString display;
    std::string name;
    locale.getDisplayLanguage(icu::Locale::getEnglish(), display).toUTF8String(name);
    if (equal_but_for_case(name, word) || equal_but_for_case(locale.getISO3Language(), word) ||
        country_language == *code) {
      return fmt::format("is it '{}' ({})? ", *code, name);
    }
  }
  return "";
}

icu::Locale checked_locale(std::string_view language) {
  UErrorCode status = U_ZERO_ERROR;
  icu::Locale locale = icu::Locale::forLanguageTag(
      icu::StringPiece(language.data(), static_cast<std::int32_t>(language.size())), status);
  for (const char* const* known = icu::Locale::getISOLanguages(); U_SUCCESS(status) && *known != nullptr; ++known) {
    if (std::string_view(*known) == locale.getLanguage()) return locale;
  }
  throw UsageError("unknown language {}; {}expected an ISO 639 code such as en, de or zh", in_quotes(language),
                   languages_like(language));
}

}  // namespace

Abbreviations::Abbreviations(std::string_view language) {
  add_icu_data(std::string(language));
  for (const Amendment& amendment : amendments()) {
    if (amendment.language != language) continue;
    for (const std::string_view word : amendment.add) words_.emplace(word);
    for (const std::string_view word : amendment.remove) words_.erase(std::string(word));
  }
}

// The data are those of ICU's FilteredBreakIteratorBuilder. That class itself is of no use here: it compares the ends
// of words too, so that with German's "r." no sentence ends after "Mutter.".
void Abbreviations::add_icu_data(const std::string& language) {
  UErrorCode status = U_ZERO_ERROR;
  const Bundle locale(ures_openDirect(U_ICUDATA_NAME "-brkitr", language.c_str(), &status));
  const Bundle exceptions(ures_getByKey(locale.get(), "exceptions", nullptr, &status));
  const Bundle list(ures_getByKey(exceptions.get(), "SentenceBreak", nullptr, &status));
  if (U_FAILURE(status)) return;  // no data for this language
  for (std::int32_t i = 0; i < ures_getSize(list.get()); ++i) {
    const icu::UnicodeString entry = icu::ures_getUnicodeStringByIndex(list.get(), i, &status);
    if (U_FAILURE(status)) return;
    std::string words;
    entry.toUTF8String(words);
    // Each word of an abbreviation of several ("v. Chr.") may stand before a capital.
    for (std::size_t begin = 0; begin < words.size();) {
      const std::size_t end = std::min(words.find(' ', begin), words.size());
      if (words[end - 1] == '.') words_.insert(words.substr(begin, end - begin));
      begin = end + 1;
    }
  }
}

struct SentenceSplitter::Content {
  explicit Content(const icu::Locale& locale)
      : abbreviations(locale.getLanguage()), ordinals(writes_ordinals_with_full_stop(locale.getLanguage())) {
    UErrorCode status = U_ZERO_ERROR;
    boundaries.reset(icu::BreakIterator::createSentenceInstance(locale, status));
    if (U_FAILURE(status))
      throw InternalError("ICU has no sentence boundaries for '{}': {}", locale.getName(), u_errorName(status));
  }
  ~Content() { utext_close(&text); }

  void open(std::string_view paragraph) {
    UErrorCode status = U_ZERO_ERROR;
    utext_openUTF8(&text, paragraph.data(), static_cast<std::int64_t>(paragraph.size()), &status);
    boundaries->setText(&text, status);
    if (U_FAILURE(status)) throw InternalError("ICU cannot split a paragraph: {}", u_errorName(status));
  }

  bool ends_sentence(std::string_view before, std::string_view after) const;

  std::unique_ptr<icu::BreakIterator> boundaries;
  UText text = UTEXT_INITIALIZER;
  Abbreviations abbreviations;
  bool ordinals;
};

/// Whether a boundary of ICU's is one of ours; `before` ends with what the sentence would end with, white space
/// included.
bool SentenceSplitter::Content::ends_sentence(std::string_view before, std::string_view after) const {
  std::string_view sentence = trim_right(before);
  if (after.empty() || sentence.empty() || contains_paragraph_separator(before.substr(sentence.size()))) return true;
  if (sentence.back() == '.') {
    const std::string_view word = last_word(sentence);
    return !(abbreviations.contain(word) || is_initial(word) || (ordinals && is_short_number(word)));
  }
  // "Who?" cried his wife: direct speech within a sentence. ICU treats a full stop there the same way.
  std::int32_t c = pop_back(sentence);
  if (!is_closing(c)) return true;
  while (is_closing(c)) c = pop_back(sentence);
  return !((c == '?' || c == '!') && u_islower(pop_front(after)));
}

SentenceSplitter::SentenceSplitter(std::string_view language)
    : content_(std::make_unique<Content>(checked_locale(language))) {}
SentenceSplitter::~SentenceSplitter() = default;
SentenceSplitter::SentenceSplitter(SentenceSplitter&&) noexcept = default;
SentenceSplitter& SentenceSplitter::operator=(SentenceSplitter&&) noexcept = default;

void SentenceSplitter::split(std::string_view paragraph, std::vector<std::string_view>& sentences) {
  content_->open(paragraph);
  std::size_t begin = 0;
  for (std::int32_t boundary = content_->boundaries->next(); boundary != icu::BreakIterator::DONE;
       boundary = content_->boundaries->next()) {
    auto end = static_cast<std::size_t>(boundary);
    // Without white space in between, as in Chinese, ICU gives a sentence the marks that open the next one.
    if (end < paragraph.size()) end = begin + without_opening(paragraph.substr(begin, end - begin)).size();
    if (!content_->ends_sentence(paragraph.substr(begin, end - begin), paragraph.substr(end))) continue;
    if (const std::string_view sentence = trim(paragraph.substr(begin, end - begin)); !sentence.empty())
      sentences.push_back(sentence);
    begin = end;
  }
}

}  // namespace albert::text
