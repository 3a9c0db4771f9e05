#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace albert::corpus {

/// A regular expression (ICU's) that tells the lines at which a document begins.
class SeparatorPattern {
 public:
  /// Throws UsageError with the place of the mistake if it is no regular expression.
  explicit SeparatorPattern(const std::string& pattern);
  ~SeparatorPattern();
  SeparatorPattern(const SeparatorPattern&) = delete;
  SeparatorPattern& operator=(const SeparatorPattern&) = delete;

  /// Whether the expression is found in the line (valid UTF-8).
  /// Throws UsageError if finding out takes too long.
  bool found_in(std::string_view line);

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace albert::corpus
