#include "base/pattern.h"

#include <cstdint>

#include <unicode/regex.h>
#include <unicode/unistr.h>

#include "base/error.h"
#include "base/shown.h"

namespace albert {

struct Pattern::Content {
  std::string name;  ///< with what was written, for messages
  std::unique_ptr<icu::RegexPattern> pattern;
  std::unique_ptr<icu::RegexMatcher> matcher;
  icu::UnicodeString line;
};

Pattern::Pattern(const std::string& pattern, std::string_view name) : content_(std::make_unique<Content>()) {
  constexpr std::int32_t kTimeLimit = 1000;  // in ICU's units, about a millisecond each
  UErrorCode status = U_ZERO_ERROR;
  UParseError place{};
  content_->name = fmt::format("{} {}", name, in_quotes(pattern));
  content_->pattern.reset(icu::RegexPattern::compile(icu::UnicodeString::fromUTF8(pattern), 0, place, status));
  if (U_FAILURE(status)) {
    throw UsageError("{} is no regular expression: {} at character {}", content_->name, u_errorName(status),
                     place.offset);
  }
  content_->matcher.reset(content_->pattern->matcher(status));
  content_->matcher->setTimeLimit(kTimeLimit, status);
  if (U_FAILURE(status)) throw InternalError("ICU cannot use {}: {}", content_->name, u_errorName(status));
}

Pattern::~Pattern() = default;
Pattern::Pattern(Pattern&& other) noexcept = default;
Pattern& Pattern::operator=(Pattern&& other) noexcept = default;

bool Pattern::found_in(std::string_view line) {
  constexpr std::size_t kMaxBytes = 4096;  // no heading is longer
  line = line.substr(0, kMaxBytes);
  content_->line = icu::UnicodeString::fromUTF8(icu::StringPiece(line.data(), static_cast<std::int32_t>(line.size())));
  content_->matcher->reset(content_->line);
  UErrorCode status = U_ZERO_ERROR;
  const bool found = content_->matcher->find(status);
  if (U_FAILURE(status)) {
    throw UsageError("{} cannot be looked for in {}: {}; simplify the expression", content_->name, in_quotes(line),
                     u_errorName(status));
  }
  return found;
}

}  // namespace albert
