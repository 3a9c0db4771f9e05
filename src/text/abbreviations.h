#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace albert::text {

/// The words of a language that end in a full stop without ending a sentence: "Mr.", "Dr.", "z.B.".
class Abbreviations {
 public:
  /// \param language ISO code. What ICU's data holds for it (CLDR's suppressions), with additions and without the
  /// ordinary words
  ///   among them; empty for a language without such data.
  explicit Abbreviations(std::string_view language);

  bool contain(std::string_view word) const { return words_.contains(word); }

 private:
  struct Hash {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): the standard library's name
    std::size_t operator()(std::string_view word) const { return std::hash<std::string_view>()(word); }
  };

  void add_icu_data(const std::string& language);

  std::unordered_set<std::string, Hash, std::equal_to<>> words_;
};

}  // namespace albert::text
