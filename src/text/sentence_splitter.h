#pragma once

#include <memory>
#include <string_view>
#include <vector>

namespace albert::text {

/// Splits text into sentences: ICU's boundaries (Unicode Standard Annex 29 with the language's tailoring), less those
/// after an abbreviation, an initial, or an ordinal number. One object per thread.
class SentenceSplitter {
 public:
  /// \param language a language tag of which the first part decides: "en", "de", "zh-Hans". Throws UsageError naming
  /// the
  ///   languages that ICU knows if it is none of them.
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
