// An input is a vocab.txt, and behind kSeparator a text that it encodes.

#include "text/wordpiece_vocabulary.h"

#include "fuzz.h"
#include "input_file.h"
#include "text/wordpiece_tokenizer.h"
#include "tokenizers.h"

namespace albert::fuzz {

void read(std::string_view input) {
  const bool lower_cases = take_choice(input, 2) == 0;
  const std::vector<std::string_view> parts = parts_of(input);
  const text::WordPieceTokenizer tokenizer(text::WordPieceVocabulary::parse(parts.front(), "vocab.txt"),
                                           {.do_lower_case = lower_cases});
  for (const std::string_view text : parts) use(tokenizer, text);
}

}  // namespace albert::fuzz
