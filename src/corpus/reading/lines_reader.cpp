#include "corpus/reading/document_reader.h"
#include "text/whitespace.h"

namespace albert::corpus {

namespace {

/// A sentence a line, a blank line between documents.
class LinesReader : public DocumentReader {
 public:
  explicit LinesReader(ReaderContext context) : context_(context) {}

  void end_file(bool /*is_whole*/) override { context_.documents.end_document(); }

  void add(const LinePiece& line) override {
    clean_.clear();
    context_.log.clean(line, clean_);
    const std::string_view text = line.begins ? text::trim_left(clean_) : clean_;
    if (line.begins && line.ends && text.empty()) {
      context_.documents.end_document();
      return;
    }
    context_.documents.add(text);
    if (line.ends) context_.documents.end_paragraph();
  }

 private:
  ReaderContext context_;
  std::string clean_;
};

}  // namespace

std::unique_ptr<DocumentReader> make_lines_reader(ReaderContext context) {
  return std::make_unique<LinesReader>(context);
}

}  // namespace albert::corpus
