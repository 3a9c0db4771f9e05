#include "cli/reader_options.h"

#include "cli/choice_option.h"

namespace albert::cli {

void add_reader_options(Command& command, corpus::ReaderOptions& options) {
  using corpus::InputFormat, corpus::ParagraphBreak;
  add_choice(command, "--format", options.format,
             {{"text", InputFormat::kText}, {"lines", InputFormat::kLines}, {"jsonl", InputFormat::kJsonl}},
             "text: running text; lines: a sentence a line, a blank line between documents; jsonl: a document a line");
  command
      .add_option("--document-separator", options.document_separator,
                  "With text: a document begins at every line in which this is found, such as '^CHAPTER '; without, a "
                  "document a file")
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
