#pragma once

#include <cstddef>
#include <map>
#include <string>

namespace albert::corpus {

/// How documents lie in the input files.
enum class InputFormat {
  kAuto,   ///< kText, for files that do not look like anything else; such ones are refused
  kText,   ///< running text: a document a file, or several with a separator; paragraphs may be wrapped
  kLines,  ///< a sentence a line, a blank line between documents (google-research/albert create_pretraining_data.py)
  kJsonl,  ///< a document a line, in one field of a JSON object
};

/// What ends a paragraph of running text.
enum class ParagraphBreak {
  kAuto,       ///< kBlankLine for running text, kNewline for kJsonl
  kBlankLine,  ///< lines are joined up to the next blank line
  kNewline,    ///< every line is a paragraph
};

struct ReaderOptions {
  InputFormat format = InputFormat::kAuto;
  /// Running text: a document begins at every line in which this regular expression (ICU's) is found; empty: one in
  /// each file.
  // Initialised so that a designated initializer may leave it out.
  std::string document_separator{};  // NOLINT(readability-redundant-member-init)
  /// kJsonl: the field that holds the text; with dots, one of an object in the object: "doc.body".
  std::string json_field = "text";
  ParagraphBreak paragraph_break = ParagraphBreak::kAuto;
  /// Leaves out files that cannot be read as text, or what follows in one from where it is damaged; otherwise they are
  /// errors.
  bool skip_unreadable = false;
  bool is_part = false;                ///< of an input: then it is no error if none of its files can be read
  std::size_t block_bytes = 64 << 10;  ///< about how large a TextBlock gets

  bool is_running_text() const { return format == InputFormat::kAuto || format == InputFormat::kText; }
};

/// What decides how text is read, under the names of a manifest.
std::map<std::string, std::string> settings_of(const ReaderOptions& options);

}  // namespace albert::corpus
