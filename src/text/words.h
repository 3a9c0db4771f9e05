#pragma once

#include <cstddef>
#include <string_view>

namespace albert::text {

/// Length in bytes of the white space character (Unicode's White_Space) at `text[i]`, or 0 if there is none. Valid
/// UTF-8.
std::size_t white_space_at(std::string_view text, std::size_t i);

/// Takes the words of a normalised text in order: between white space, and from one "▁" to the next.
class WordReader {
 public:
  explicit WordReader(std::string_view text) : text_(text) {}

  /// Goes to the next word; false at the end.
  bool next();
  std::size_t begin() const { return begin_; }
  std::string_view word() const { return text_.substr(begin_, end_ - begin_); }

 private:
  bool ends_at(std::size_t i) const;

  std::string_view text_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace albert::text
