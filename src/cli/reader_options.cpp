#include "cli/reader_options.h"

#include "cli/choice_option.h"

namespace albert::cli {

Option add_text_options(Command& command, const std::string& name, corpus::InputOptions& options) {
  Option option =
      command.add_option(name, options.paths,
                         "Text to read: files, folders, patterns, @FILE (a list of them, one a line) or -, standard "
                         "input; plain, .gz, .zst, .xz or .bz2");
  option.or_standard_input(/*is_read_once=*/true).type_name("PATH...");
  command
      .add_option(
          "--include", options.include,
          "Of folders, read only files that match, such as '*.txt'; with a /, the path in the folder is matched")
      .one_at_a_time()
      .type_name("GLOB");
  command.add_option("--exclude", options.exclude, "Of folders, leave out files and folders that match")
      .one_at_a_time()
      .type_name("GLOB");
  return option;
}

void add_input_options(Command& command, corpus::InputOptions& options) {
  add_text_options(command, "-i,--input", options).required();
}

void add_reader_options(Command& command, corpus::ReaderOptions& options) {
  using corpus::InputFormat, corpus::ParagraphBreak;
  add_choice(
      command, "--format", options.format,
      {{"auto", InputFormat::kAuto},
       {"text", InputFormat::kText},
       {"lines", InputFormat::kLines},
       {"jsonl", InputFormat::kJsonl}},
      "text: running text; lines: one sentence per line, a blank line between documents; jsonl: one document per "
      "line; auto: text, but files that look like JSON, tables or markup are refused");
  command
      .add_option(
          "--document-separator", options.document_separator,
          "With text: a document begins at every line that matches, such as '^CHAPTER ', or '^' where every line is a "
          "text; without it, every file is a document")
      .type_name("REGEX");
  command
      .add_option("--json-field", options.json_field,
                  "With jsonl: the field that holds the text, or doc.body for one within another")
      .type_name("NAME")
      .show_default();
  add_choice(command, "--paragraph-break", options.paragraph_break,
             {{"auto", ParagraphBreak::kAuto},
              {"blank-line", ParagraphBreak::kBlankLine},
              {"newline", ParagraphBreak::kNewline}},
             "What ends a paragraph: a blank line (lines are joined), or every newline; auto: blank-line for text, "
             "newline for jsonl");
  command.add_flag("--skip-unreadable", options.skip_unreadable,
                   "Leave out files that are no text or damaged, and list them, instead of stopping");
}

}  // namespace albert::cli
