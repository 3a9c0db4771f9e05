#include "text/vocabulary_tokenizer.h"

namespace albert::text {

std::string VocabularyTokenizer::decode(std::span<const std::int32_t> ids, bool keep_special) const {
  std::string text;
  bool first = true;
  for (const std::int32_t id : ids) {
    const std::string_view decoded = piece(id);
    if (!keep_special && is_special(id)) continue;
    append_decoded(decoded, first, text);
    first = false;
  }
  return text;
}

}  // namespace albert::text
