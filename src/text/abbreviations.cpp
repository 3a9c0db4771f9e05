#include "text/abbreviations.h"

#include <algorithm>
#include <memory>
#include <vector>

#include <unicode/unistr.h>
#include <unicode/ures.h>

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
    // Of an abbreviation of several words ("v. Chr.") each may stand before a capital.
    for (std::size_t begin = 0; begin < words.size();) {
      const std::size_t end = std::min(words.find(' ', begin), words.size());
      if (words[end - 1] == '.') words_.insert(words.substr(begin, end - begin));
      begin = end + 1;
    }
  }
}

}  // namespace albert::text
