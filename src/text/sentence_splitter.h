#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace albert::text {

/// The words of a language that end in a full stop without ending a sentence: "Mr.", "Dr.", "z.B.".
class Abbreviations {
 public:
  /// What ICU's data holds for a language (CLDR's suppressions), with additions and without the ordinary words among
  /// them; empty for a language without such data.
  /// \param language ISO code
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

/// Splits text into sentences: ICU's boundaries (Unicode Standard Annex 29 with the language's tailoring), less those
/// after an abbreviation, an initial, or an ordinal number. One object per thread.
class SentenceSplitter {
 public:
  /// \param language a language tag of which the first part decides: "en", "de", "zh-Hans"
  /// Throws UsageError naming the languages that ICU knows if it is none of them.
  explicit SentenceSplitter(std::string_view language);
  ~SentenceSplitter();
  SentenceSplitter(SentenceSplitter&&) noexcept;
  SentenceSplitter& operator=(SentenceSplitter&&) noexcept;

  /// Appends the sentences of a paragraph of valid UTF-8, without the white space around them: views into it, none
  /// empty.
  void split(std::string_view paragraph, std::vector<std::string_view>& sentences);

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace albert::text
