#pragma once

#include <cstdint>
#include <string>

namespace albert::text {

/// A token that was added to a vocabulary, found in a text before the vocabulary sees what lies around it. The names
/// are those of Transformers, and so are the meanings (the tokenizers library, tokenizer/added_vocabulary.rs).
struct AddedToken {
  std::string content;
  std::int32_t id = 0;
  bool single_word = false;  ///< only where neither the character before nor the one behind belongs to a word
  bool lstrip = false;       ///< takes the white space before it
  bool rstrip = false;       ///< takes the white space behind it
  bool normalized = false;   ///< found in the normalised text, by its own normalised spelling
  bool special = false;      ///< decoded only where special tokens are asked for
};

}  // namespace albert::text
