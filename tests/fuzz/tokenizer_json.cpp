// An input is a tokenizer.json, and behind kSeparator a text that it encodes.

#include "fuzz.h"
#include "input_file.h"
#include "tokenizers.h"

namespace albert::fuzz {

void read(std::string_view input) {
  static InputFile file("tokenizer/tokenizer.json");
  const std::vector<std::string_view> parts = parts_of(input);
  file.write(parts.front());
  const auto tokenizer = text::Tokenizer::open(file.path().parent_path());
  use(*tokenizer, parts.back());
}

}  // namespace albert::fuzz
