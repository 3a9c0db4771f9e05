#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/pattern.h"
#include "corpus/reading/document_reader.h"
#include "text/whitespace.h"

namespace albert::corpus {

namespace {

/// Running text, as books have it.
class TextReader : public DocumentReader {
 public:
  TextReader(ReaderContext context, const ReaderOptions& options)
      : context_(context), line_is_paragraph_(options.paragraph_break == ParagraphBreak::kNewline) {
    if (!options.document_separator.empty())
      separator_ = std::make_unique<Pattern>(options.document_separator, "the document separator");
  }

  void begin_file(bool /*from_beginning*/) override {
    num_lines_ = 0;
    has_blank_line_ = false;
  }

  void end_file(bool /*is_whole*/) override {
    context_.documents.end_document();
    if (!separator_ && !has_blank_line_ && num_lines_ >= kManyLines) context_.log.many_lines(num_lines_);
  }

  void add(const LinePiece& line) override {
    num_lines_ = line.number;
    clean_.clear();
    context_.log.clean(line, clean_);
    if (line.begins) begin_line();
    std::string_view text = clean_;
    if (line.begins) text = text::trim_left(text);
    if (line.ends) text = text::trim_right(text);
    context_.documents.add(text);
    if (line.ends && line_is_paragraph_) context_.documents.end_paragraph();
  }

 private:
  /// What the beginning of a line tells about what came before it.
  void begin_line() {
    const std::string_view text = text::trim(clean_);
    if (separator_ && separator_->found_in(text::trim_right(clean_))) context_.documents.end_document();
    if (text.empty()) {
      has_blank_line_ = true;
      context_.documents.end_paragraph();
    } else if (const std::string_view before = context_.documents.paragraph(); !before.empty()) {
      context_.documents.add(text::joint(before, text));
    }
  }

  /// As many lines without a blank one are rather texts of their own than a document.
  static constexpr std::uint64_t kManyLines = 1000;

  ReaderContext context_;
  bool line_is_paragraph_;
  std::unique_ptr<Pattern> separator_;
  std::string clean_;
  std::uint64_t num_lines_ = 0;  ///< of the file
  bool has_blank_line_ = false;
};

}  // namespace

std::unique_ptr<DocumentReader> make_text_reader(ReaderContext context, const ReaderOptions& options) {
  return std::make_unique<TextReader>(context, options);
}

}  // namespace albert::corpus
