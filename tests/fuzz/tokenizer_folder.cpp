// An input is the files of a tokenizer's folder in the order below, with kSeparator between them, and a text that it encodes.

#include <array>

#include "fuzz.h"
#include "input_file.h"
#include "text/tokenizer_files.h"
#include "tokenizers.h"

namespace albert::fuzz {

void read(std::string_view input) {
  static std::array files = {InputFile("tokenizer/vocab.txt"), InputFile("tokenizer/tokenizer_config.json"),
                             InputFile("tokenizer/special_tokens_map.json"), InputFile("tokenizer/added_tokens.json"),
                             InputFile("tokenizer/tokenizer.json")};
  const std::vector<std::string_view> parts = parts_of(input);
  write_parts(files, parts);
  const std::filesystem::path folder = files[0].path().parent_path();
  text::read_max_length(folder);
  const auto tokenizer = text::Tokenizer::open(folder);
  for (const std::string_view text : parts) use(*tokenizer, text);
}

}  // namespace albert::fuzz
