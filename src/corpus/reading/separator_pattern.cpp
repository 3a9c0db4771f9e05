#include "corpus/reading/separator_pattern.h"

#include <cstdint>

#include <unicode/regex.h>
#include <unicode/unistr.h>

#include "base/error.h"
#include "base/shown.h"

namespace albert::corpus {

struct SeparatorPattern::Content {
  std::string source;
  std::unique_ptr<icu::RegexPattern> pattern;
  std::unique_ptr<icu::RegexMatcher> matcher;
  icu::UnicodeString line;
};

SeparatorPattern::SeparatorPattern(const std::string& pattern) : content_(std::make_unique<Content>()) {
  constexpr std::int32_t kTimeLimit = 1000;  // in ICU's units, about a millisecond each
  UErrorCode status = U_ZERO_ERROR;
  UParseError place{};
  content_->source = pattern;
  content_->pattern.reset(icu::RegexPattern::compile(icu::UnicodeString::fromUTF8(pattern), 0, place, status));
  if (U_FAILURE(status)) {
    throw UsageError("the document separator '{}' is no regular expression: {} at character {}", pattern,
                     u_errorName(status), place.offset);
  }
  content_->matcher.reset(content_->pattern->matcher(status));
  content_->matcher->setTimeLimit(kTimeLimit, status);
  if (U_FAILURE(status))
    throw InternalError("ICU cannot use the document separator '{}': {}", pattern, u_errorName(status));
}

SeparatorPattern::~SeparatorPattern() = default;

bool SeparatorPattern::found_in(std::string_view line) {
  constexpr std::size_t kMaxLineBytes = 4096;  // no heading is longer
  line = line.substr(0, kMaxLineBytes);
  content_->line = icu::UnicodeString::fromUTF8(icu::StringPiece(line.data(), static_cast<std::int32_t>(line.size())));
  content_->matcher->reset(content_->line);
  UErrorCode status = U_ZERO_ERROR;
  const bool found = content_->matcher->find(status);
  if (U_FAILURE(status)) {
    throw UsageError("the document separator '{}' cannot be looked for in the line {}: {}; simplify the expression",
                     content_->source, in_quotes(line), u_errorName(status));
  }
  return found;
}

}  // namespace albert::corpus
