// Raw text in every format. The first bytes of an input choose how it is read.

#include <array>

#include "base/utf8.h"
#include "corpus/reading/document_cut.h"
#include "corpus/reading/document_stream.h"
#include "fuzz.h"
#include "input_file.h"

namespace albert::fuzz {

namespace {

corpus::ReaderOptions take_options(std::string_view& input) {
  using corpus::InputFormat;
  using corpus::ParagraphBreak;
  constexpr std::array kFormats = {InputFormat::kAuto, InputFormat::kText, InputFormat::kLines, InputFormat::kJsonl};
  corpus::ReaderOptions options;
  options.format = kFormats[take_choice(input, kFormats.size())];
  const std::size_t bits = take_choice(input, 16);
  options.skip_unreadable = (bits & 1) != 0;
  if (options.is_running_text() && (bits & 2) != 0) options.document_separator = "^(CHAPTER|={3,})";
  if (options.format != InputFormat::kLines && (bits & 4) != 0) options.paragraph_break = ParagraphBreak::kNewline;
  if (options.format == InputFormat::kJsonl && (bits & 2) != 0) options.json_field = "doc.body";
  if ((bits & 8) != 0) options.block_bytes = 64;
  return options;
}

}  // namespace

void read(std::string_view input) {
  static InputFile file("text.txt");
  const corpus::ReaderOptions options = take_options(input);
  file.write(input);
  const corpus::InputFile whole{.path = file.path(), .size_bytes = input.size()};
  if (input.size() > 1) corpus::find_document_begin(whole, {.begin = input.size() / 2, .end = input.size()}, options);
  corpus::DocumentStream stream({whole}, options);
  while (const auto block = stream.next()) {
    require(!find_invalid_utf8(block->text) && block->text.find('\0') == std::string::npos);
    require(block->text.empty() ? block->last : block->text.ends_with('\n'));
  }
}

}  // namespace albert::fuzz
