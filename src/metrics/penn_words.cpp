#include "metrics/penn_words.h"

#include <memory>

#include <unicode/regex.h>
#include <unicode/unistr.h>

#include "base/error.h"
#include "metrics/python_text.h"

namespace albert::metrics {

namespace {

struct Rule {
  const char* pattern;
  const char* replacement;
};

// Each puts spaces where a word ends; the order matters, since later rules rely on the spaces of earlier ones. After
// Robert MacIntyre's tokenizer.sed for the Penn Treebank, with the additions of NLTK 3.10
// (nltk/tokenize/destructive.py).
constexpr Rule kRules[] = {
    {R"re([«“‘„]|`+)re", " $0 "},
    {R"re(^")re", " `` "},
    {R"re(([ (\[{<])(?:"|''))re", "$1 `` "},
    {R"re((?<!\w)'(?!(?:re|ve|ll|m|t|s|d|n)\b)(?=\w))re", "' "},
    {R"re((?<=[^.])\.([\])}>"'»”’ ]*)\s*$)re", " . $1 "},  // the final one only: others belong to abbreviations
    {R"re(([:,])(\D))re", " $1 $2"},                       // not within 3,000 or 12:30
    {R"re([:,]$)re", " $0 "},
    {R"re(\.{2,}|[;@#\$%&?!*‒–—―])re", " $0 "},
    {R"re((?<=[^'])' )re", " ' "},
    {R"re([\]\[(){}<>]|--)re", " $0 "},
    {R"re(^|$)re", " "},  // so that the following find a space at the end
    {R"re([»”’]|'')re", " $0 "},
    {R"re(")re", " '' "},
    {R"re(\s+)re", " "},
    {R"re(([^' ])('[smd]|') )re", "$1 $2 "},
    {R"re(([^' ])('ll|'re|'ve|n't) )re", "$1 $2 "},
    {R"re(\b(can)(not)\b|\b(d)('ye)\b|\b(gim|lem)(me)\b|\b(gon)(na)\b|\b(got)(ta)\b|\b(more)('n)\b)re",
     " $1$3$5$7$9$11 $2$4$6$8$10$12 "},
    {R"re(\b(wan)(na)(?=\s))re", " $1 $2 "},
};

/// The compiled rules; matchers hold state, so that each thread has its own.
class Rules {
 public:
  Rules() {
    for (const auto& [pattern, replacement] : kRules) {
      UErrorCode status = U_ZERO_ERROR;
      matchers_.push_back(std::make_unique<icu::RegexMatcher>(icu::UnicodeString::fromUTF8(pattern), 0, status));
      if (U_FAILURE(status)) throw InternalError("rule {}: {}", pattern, u_errorName(status));
    }
  }

  icu::UnicodeString apply(icu::UnicodeString text) {
    for (std::size_t i = 0; i < matchers_.size(); ++i) {
      UErrorCode status = U_ZERO_ERROR;
      matchers_[i]->reset(text);
      icu::UnicodeString replaced =
          matchers_[i]->replaceAll(icu::UnicodeString::fromUTF8(kRules[i].replacement), status);
      if (U_FAILURE(status)) throw InternalError("rule {}: {}", kRules[i].pattern, u_errorName(status));
      text = std::move(replaced);
    }
    return text;
  }

 private:
  std::vector<std::unique_ptr<icu::RegexMatcher>> matchers_;
};

}  // namespace

std::vector<std::string> penn_words(std::string_view sentence) {
  thread_local Rules rules;
  const icu::UnicodeString spaced = rules.apply(
      icu::UnicodeString::fromUTF8(icu::StringPiece(sentence.data(), static_cast<std::int32_t>(sentence.size()))));
  std::string bytes;
  return python_split(to_characters(spaced.toUTF8String(bytes)));
}

}  // namespace albert::metrics
