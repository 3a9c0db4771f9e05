#include "cli/reader_options.h"

#include <map>
#include <string>

#include <CLI/CLI.hpp>

namespace albert::cli {

void add_reader_options(CLI::App& command, corpus::ReaderOptions& options) {
  static const std::map<std::string, corpus::InputFormat> kFormats{{"text", corpus::InputFormat::kText},
                                                                   {"lines", corpus::InputFormat::kLines},
                                                                   {"jsonl", corpus::InputFormat::kJsonl}};
  static const std::map<std::string, corpus::ParagraphBreak> kBreaks{{"auto", corpus::ParagraphBreak::kAuto},
                                                                     {"blank-line", corpus::ParagraphBreak::kBlankLine},
                                                                     {"newline", corpus::ParagraphBreak::kNewline}};
  command
      .add_option(
          "--format", options.format,
          "text: running text; lines: a sentence a line, a blank line between documents; jsonl: a document a line")
      ->transform(CLI::CheckedTransformer(kFormats).description(""))
      ->type_name("text|lines|jsonl")
      ->default_str("text");
  command
      .add_option("--document-separator", options.document_separator,
                  "With text: a document begins at every line in which this is found, such as '^CHAPTER '; without, a "
                  "document a file")
      ->type_name("REGEX");
  command.add_option("--json-field", options.json_field, "With jsonl: the field that holds the text")
      ->type_name("NAME")
      ->capture_default_str();
  command
      .add_option("--paragraph-break", options.paragraph_break,
                  "What ends a paragraph: a blank line (lines are joined), or every newline; auto: blank-line for "
                  "text, newline for jsonl")
      ->transform(CLI::CheckedTransformer(kBreaks).description(""))
      ->type_name("auto|blank-line|newline")
      ->default_str("auto");
}

}  // namespace albert::cli
