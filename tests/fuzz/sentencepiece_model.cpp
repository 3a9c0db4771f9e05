// An input is a spiece.model, and behind kSeparator a text that it encodes.

#include "text/sentencepiece_model.h"

#include "fuzz.h"
#include "input_file.h"
#include "text/sentencepiece_tokenizer.h"
#include "tokenizers.h"

namespace albert::fuzz {

void read(std::string_view input) {
  const text::TokenizerSettings settings = take_choice(input, 2) == 0
                                               ? text::TokenizerSettings{}
                                               : text::TokenizerSettings{.do_lower_case = false, .keep_accents = true};
  const std::vector<std::string_view> parts = parts_of(input);
  text::SentencePieceModel::parse_charsmap(parts.front());
  const text::SentencePieceTokenizer tokenizer(
      text::SentencePieceModel::parse(std::string(parts.front()), "spiece.model"), settings, "spiece.model");
  tokenizer.fingerprint();
  for (const std::string_view text : parts) use(tokenizer, text);
}

}  // namespace albert::fuzz
