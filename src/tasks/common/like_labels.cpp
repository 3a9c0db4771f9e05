#include "tasks/common/like_labels.h"

#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include <spdlog/fmt/ranges.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include "base/log.h"
#include "base/shown.h"
#include "tasks/common/written_list.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

using Text = icu::UnicodeString;

std::string to_utf8(const Text& text) {
  std::string bytes;
  return text.toUTF8String(bytes);
}

std::string trimmed(std::string_view label) {
  return std::string(text::trim(label));
}

/// In a normalised form of Unicode, or as it is where ICU lacks the form.
std::string normalized(std::string_view label, const icu::Normalizer2* (*form)(UErrorCode&)) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = form(status);
  if (U_FAILURE(status)) return std::string(label);
  const Text text = normalizer->normalize(Text::fromUTF8(label), status);
  return U_SUCCESS(status) ? to_utf8(text) : std::string(label);
}

/// An accented letter may be one character, or a letter and an accent.
std::string composed(std::string_view label) {
  return normalized(label, icu::Normalizer2::getNFCInstance);
}

/// Wide letters, ligatures and the like become the usual ones.
std::string usual_forms(std::string_view label) {
  return normalized(label, icu::Normalizer2::getNFKCInstance);
}

/// Without joiners, marks of direction and other characters that leave no trace on a screen.
std::string visible(std::string_view label) {
  const Text text = Text::fromUTF8(label);
  Text seen;
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 character = text.char32At(i);
    const bool is_hidden = u_hasBinaryProperty(character, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0 ||
                           u_charType(character) == U_FORMAT_CHAR;
    if (!is_hidden) seen.append(character);
  }
  return to_utf8(seen);
}

std::string without_case(std::string_view label) {
  return to_utf8(Text::fromUTF8(label).foldCase());
}

/// What a label is as a number: "1", "1.0" and "true" are one.
std::string value_of_number(std::string_view label) {
  if (const auto truth = truth_of(label)) return *truth ? "1" : "0";
  double number = 0;
  const auto [end, error] = std::from_chars(label.data(), label.data() + label.size(), number);
  constexpr double kExact = 9'007'199'254'740'992;  // 2^53: beyond it, numbers that differ may be the same as a double
  const bool is_number = error == std::errc() && end == label.data() + label.size() && std::abs(number) < kExact;
  return is_number ? fmt::format("{}", number) : std::string(label);
}

std::string all_at_once(std::string_view label) {
  return without_case(trimmed(usual_forms(visible(label))));
}

struct Likeness {
  std::string (*key)(std::string_view);  ///< what labels that may be meant to be one have in common
  std::string_view difference;
};

constexpr std::array kLikenesses = {
    Likeness{trimmed, "white space"},
    Likeness{composed, "how accents are written (Unicode's NFC and NFD)"},
    Likeness{usual_forms, "the form of a character (Unicode's NFKC)"},
    Likeness{visible, "characters that nobody sees"},
    Likeness{without_case, "upper and lower case"},
    Likeness{value_of_number, "how one value is written"},
    Likeness{all_at_once, "case, white space and the like"},
};

void warn_of_like_labels(const std::vector<std::string>& labels) {
  std::set<std::pair<std::string_view, std::string_view>> told;
  for (const auto& [key, difference] : kLikenesses) {
    std::map<std::string, std::string_view> by_key;
    for (const std::string& label : labels) {
      const auto [other, is_new] = by_key.emplace(key(label), label);
      if (is_new || !told.emplace(other->second, label).second) continue;
      log_warning("the labels '{}' and '{}' are two classes that differ in {} only; is that meant?",
                  shortened(other->second), shortened(label), difference);
    }
  }
}

/// Letters of these scripts look alike: a word of two of them was most likely meant to be of one.
constexpr std::array<std::pair<UScriptCode, std::string_view>, 3> kLikeScripts = {
    {{USCRIPT_LATIN, "Latin"}, {USCRIPT_CYRILLIC, "Cyrillic"}, {USCRIPT_GREEK, "Greek"}}};

/// "Latin and Cyrillic" where a word of the label has letters of both; else empty.
std::string mixed_scripts(std::string_view label) {
  const Text text = Text::fromUTF8(label);
  std::set<std::string_view> scripts;
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 character = text.char32At(i);
    if (u_isalpha(character) == 0) scripts.clear();
    UErrorCode status = U_ZERO_ERROR;
    const UScriptCode script = uscript_getScript(character, &status);
    for (const auto& [code, name] : kLikeScripts) {
      if (U_SUCCESS(status) && code == script) scripts.insert(name);
    }
    if (scripts.size() > 1) return fmt::format("{}", fmt::join(scripts, " and "));
  }
  return "";
}

void warn_of_mixed_scripts(const std::vector<std::string>& labels) {
  for (const std::string& label : labels) {
    const std::string scripts = mixed_scripts(label);
    if (scripts.empty()) continue;
    log_warning("the label '{}' has letters of {}, which look alike: is it a class of its own?", shortened(label),
                scripts);
  }
}

/// In bytes: nobody calls a class by more words than these hold.
constexpr std::size_t kLongLabel = 400;

void warn_of_long_labels(const std::vector<std::string>& labels) {
  for (const std::string& label : labels) {
    if (label.size() <= kLongLabel) continue;
    log_warning("the label '{}' has {} bytes; is it a label, and not a text?", shortened(label), label.size());
    return;
  }
}

}  // namespace

void warn_of_doubtful_labels(const std::vector<std::string>& labels) {
  warn_of_like_labels(labels);
  warn_of_mixed_scripts(labels);
  warn_of_long_labels(labels);
}

}  // namespace albert::tasks
