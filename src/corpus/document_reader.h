#pragma once

#include <memory>

#include "corpus/document_assembler.h"
#include "corpus/line_reader.h"
#include "corpus/reading_log.h"

namespace albert::corpus {

/// What every reader writes to.
struct ReaderContext {
  DocumentAssembler& documents;
  ReadStatistics& statistics;
  ReadingLog& log;
};

/// Finds documents and paragraphs in the lines of files of one format.
class DocumentReader {
 public:
  virtual ~DocumentReader() = default;

  virtual void begin_file() {}
  virtual void add(const LinePiece& line) = 0;
  /// Ends the document, too: none goes on in the next file.
  virtual void end_file() = 0;
};

std::unique_ptr<DocumentReader> make_text_reader(ReaderContext context, const ReaderOptions& options);
std::unique_ptr<DocumentReader> make_lines_reader(ReaderContext context);
std::unique_ptr<DocumentReader> make_jsonl_reader(ReaderContext context, const ReaderOptions& options);

}  // namespace albert::corpus
