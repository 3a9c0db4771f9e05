#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace albert {

/// A regular expression that somebody wrote (ICU's): however it is nested, and whatever it is held against, it ends in
/// time. std::regex ends the process where many brackets stand inside of each other.
class Pattern {
 public:
  /// Throws UsageError with the place of the mistake if it is no regular expression.
  /// \param name what it is, for messages: "the document separator"
  Pattern(const std::string& pattern, std::string_view name);
  ~Pattern();
  Pattern(Pattern&& other) noexcept;
  Pattern& operator=(Pattern&& other) noexcept;

  /// Whether the expression is found in the first 4,096 bytes of a line (valid UTF-8).
  /// Throws UsageError if finding out takes too long.
  bool found_in(std::string_view line);

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace albert
