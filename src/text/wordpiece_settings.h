#pragma once

#include <optional>

namespace albert::text {

/// How text is prepared for WordPiece; stored in tokenizer_config.json under Transformers' names. The defaults are
/// those of its BertTokenizer.
struct WordPieceSettings {
  bool do_lower_case = true;
  std::optional<bool> strip_accents = {};  ///< unset: as do_lower_case
  bool tokenize_chinese_chars = true;      ///< every ideograph is a word

  bool strips_accents() const { return strip_accents.value_or(do_lower_case); }
};

}  // namespace albert::text
