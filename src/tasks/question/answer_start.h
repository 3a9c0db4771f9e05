#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

/// Where an answer begins in its context, which files say in characters (Unicode code points) from 0.
namespace albert::tasks {

/// The byte offset of the character with that number; the end of the text if it has not so many.
std::size_t byte_of_character(std::string_view text, std::int64_t number);

/// The byte offset of an answer that begins at the character with that number; nothing if it does not stand there.
std::optional<std::size_t> find_at_character(std::string_view context, std::int64_t start, std::string_view answer);

/// How a start that is wrong was counted instead, for people: "in UTF-16 units". Empty if no known way of counting puts
/// the answer there. Other programs count UTF-16 units (JavaScript, Java), bytes, lines that end in one character less
/// or more than those of the context, or from 1.
std::string_view other_counting(std::string_view context, std::int64_t start, std::string_view answer);

/// How many answers of a file are not at their places, and what is known of the reasons.
struct MisplacedCount {
  std::int64_t total = 0;
  std::map<std::string_view, std::int64_t> by_counting = {};  ///< by what other_counting() says, if it says something

  void add(std::string_view counting);
  void add(const MisplacedCount& others);
  /// ", 12 of them with starts counted in UTF-16 units"; nothing where no reason is known.
  std::string reasons() const;
};

}  // namespace albert::tasks
