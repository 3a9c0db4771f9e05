#include "cli/reader_options.h"

#include "cli/choice_option.h"

namespace albert::cli {

void add_reader_options(Command& command, corpus::ReaderOptions& options) {
  using corpus::InputFormat, corpus::ParagraphBreak;
  add_choice(
      command, "--format", options.format,
      {{"text", InputFormat::kText}, {"lines", InputFormat::kLines}, {"jsonl", InputFormat::kJsonl}},
      "text: running text; lines: one sentence per line, a blank line between documents; jsonl: one document per "
      "line");
  command
      .add_option(
          "--document-separator", options.document_separator,
          "With text: a document begins at every line that matches, such as '^CHAPTER '; without it, every file is a "
          "document")
      .type_name("REGEX");
  command.add_option("--json-field", options.json_field, "With jsonl: the field that holds the text")
      .type_name("NAME")
      .show_default();
  add_choice(command, "--paragraph-break", options.paragraph_break,
             {{"auto", ParagraphBreak::kAuto},
              {"blank-line", ParagraphBreak::kBlankLine},
              {"newline", ParagraphBreak::kNewline}},
             "What ends a paragraph: a blank line (lines are joined), or every newline; auto: blank-line for text, "
             "newline for jsonl");
}

}  // namespace albert::cli
