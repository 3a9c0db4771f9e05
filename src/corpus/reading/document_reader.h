#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "corpus/reading/document_stream.h"
#include "corpus/reading/line_reader.h"
#include "corpus/reading/reading_log.h"

namespace albert::corpus {

/// Makes blocks of the paragraphs that a reader finds. Where a block ends depends on the document alone, so that its
/// content (and the hash of its first block) does not depend on where the document lies.
class DocumentAssembler {
 public:
  static constexpr std::size_t kMaxParagraphBytes = 256 << 10;  ///< a longer paragraph is cut

  /// \param block_bytes a block ends with the paragraph that reaches this size
  DocumentAssembler(ReadStatistics& statistics, std::size_t block_bytes)
      : statistics_(statistics), block_bytes_(block_bytes) {}

  /// Where the text lies that is added from now on: a file's number, and an offset in its content.
  void set_place(std::uint32_t file, std::uint64_t offset) {
    file_ = file;
    offset_ = offset;
  }
  /// Appends clean text without "\n" to the current paragraph.
  void add(std::string_view text);
  /// The current paragraph so far.
  std::string_view paragraph() const { return std::string_view(text_).substr(paragraph_begin_); }
  void end_paragraph();
  /// Also ends the paragraph. A document without text leaves no block.
  void end_document();

  /// The next finished block, if there is one.
  std::optional<TextBlock> take();

 private:
  void cut_paragraph();
  void finish_block(std::size_t size, bool last);

  ReadStatistics& statistics_;
  std::size_t block_bytes_;
  std::string text_;
  std::size_t paragraph_begin_ = 0;
  bool first_ = true;  ///< the next block begins a document
  std::uint32_t file_ = 1;
  std::uint64_t offset_ = 0;
  std::uint64_t document_begin_ = 0;
  std::deque<TextBlock> finished_;
};

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

  /// \param from_beginning otherwise lines of the file lie before those that will be added
  virtual void begin_file(bool /*from_beginning*/) {}
  virtual void add(const LinePiece& line) = 0;
  /// Ends the document, too: none goes on in the next file.
  /// \param is_whole otherwise only a part of the file was read
  virtual void end_file(bool is_whole) = 0;
  /// What is to be known of a part of a file to judge the whole.
  virtual LineCounts line_counts() const { return {}; }
};

std::unique_ptr<DocumentReader> make_text_reader(ReaderContext context, const ReaderOptions& options);
std::unique_ptr<DocumentReader> make_lines_reader(ReaderContext context);
std::unique_ptr<DocumentReader> make_jsonl_reader(ReaderContext context, const ReaderOptions& options);

}  // namespace albert::corpus
