#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/fields.h"
#include "tasks/tokens/score.h"
#include "tasks/tokens/tagged_text.h"

namespace albert::tasks {

/// What the words of a plain text are, where it is to be tagged as it stands.
enum class TextWords {
  kSpaced,      ///< what stands between white space
  kCharacters,  ///< every character but white space, as in Chinese data sets
};

/// The `task.tokens` part of a configuration: a tag for every word.
struct TokenConfig {
  TagFormat format = {.settings = "task.tokens."};
  TagScoring score = TagScoring::kEntities;
  std::vector<std::string> labels;
  std::string fallback_tag;
  std::int64_t stride = 128;
  TextWords text_words = TextWords::kSpaced;

  void fields(config::Fields& f);
  void data_fields(config::Fields& f);  ///< those that say how files are read, and what is judged
  /// \param prefix of the keys in the whole configuration: "task.tokens."
  void check(config::Checks& c, std::string_view prefix) const;
};

}  // namespace albert::tasks
