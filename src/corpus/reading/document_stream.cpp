#include "corpus/reading/document_stream.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "base/checksum.h"
#include "base/error.h"
#include "base/log.h"
#include "base/signals.h"
#include "corpus/reading/document_reader.h"
#include "corpus/reading/input_check.h"
#include "corpus/reading/line_reader.h"
#include "corpus/reading/reading_log.h"

namespace albert::corpus {

namespace {

void check(const ReaderOptions& options) {
  if (!options.is_running_text() && !options.document_separator.empty()) {
    throw UsageError("a document separator has no effect but with the format 'text'; leave it out");
  }
  if (options.format == InputFormat::kLines && options.paragraph_break != ParagraphBreak::kAuto) {
    throw UsageError(
        "the paragraph break has no effect with the format 'lines', where every line is a sentence; leave it out");
  }
  if (options.format == InputFormat::kJsonl && options.json_field.empty())
    throw UsageError("the name of the JSON field is empty");
}

std::unique_ptr<DocumentReader> make_reader(ReaderContext context, const ReaderOptions& options) {
  switch (options.format) {
    case InputFormat::kAuto:
    case InputFormat::kText:
      return make_text_reader(context, options);
    case InputFormat::kLines:
      return make_lines_reader(context);
    case InputFormat::kJsonl:
      return make_jsonl_reader(context, options);
  }
  throw InternalError("unknown input format {}", static_cast<int>(options.format));
}

}  // namespace

class DocumentStream::Content {
 public:
  Content(const std::vector<InputFile>& files, const ReaderOptions& options)
      : options_(options),
        log_(statistics_),
        documents_(statistics_, options.block_bytes),
        reader_(make_reader({documents_, statistics_, log_}, options)),
        files_(select_readable(files, options)) {
    statistics_.unreadable_files = files.size() - files_.size();
  }

  std::optional<TextBlock> next() {
    for (;;) {
      stop_if_asked("result");  // a file may hold much that is no document
      if (std::optional<TextBlock> block = documents_.take()) return block;
      if (!lines_ && next_file_ == files_.size()) {
        check_that_some_were_readable();
        return std::nullopt;
      }
      advance();
      bytes_read_ = bytes_before_ + (lines_ ? lines_->bytes_read() : 0);
    }
  }

  const ReadStatistics& statistics() const { return statistics_; }
  std::string piped_checksum() const { return piped_.hex(); }
  const std::vector<PartLines>& part_lines() const { return part_lines_; }
  std::uint64_t bytes_read() const { return bytes_read_; }
  const std::vector<InputFile>& files() const { return files_; }

 private:
  /// Reads a line, or opens a file before the first one, or ends it after the last one.
  void advance() {
    try {
      if (!lines_) {
        open_next_file();
      } else if (const std::optional<LinePiece> line = lines_->next()) {
        if (line->begins) documents_.set_place(current().number, line->offset);
        reader_->add(*line);
      } else {
        end_file();
      }
    } catch (const DataError& error) {
      if (!options_.skip_unreadable) throw;
      leave_file(error);
    } catch (const IoError& error) {
      if (!options_.skip_unreadable) throw;
      leave_file(error);
    }
  }

  void open_next_file() {
    const InputFile& file = files_[next_file_++];
    text_before_ = statistics_.text_bytes;
    const std::uint64_t begin = file.range ? file.range->begin : 0;
    log_.begin_file(begin == 0 ? file.path.string() : fmt::format("{} from byte {} on", file.path.string(), begin));
    reader_->begin_file(begin == 0);
    lines_.emplace(file.range ? open_byte_range(file.path, *file.range)
                              : open_byte_source(file.path, file.size_bytes ? nullptr : &piped_),
                   begin);
    if (file.size_bytes) return;  // such were looked at before
    if (lines_->head().bytes.empty()) {
      throw DataError(
          "{}: nothing came through; did the command fail that writes it? Name an empty file for an input that is "
          "meant to be empty",
          file.path.string());
    }
    check_content(lines_->head(), file.path, options_.format);
  }

  void end_file() {
    reader_->end_file(!current().range);
    if (current().range && options_.format == InputFormat::kJsonl)
      part_lines_.push_back({current().number, reader_->line_counts()});
    if (current().ends_in_range()) ++statistics_.files;
    count_text();
    if (lines_->text_bytes() == 0) log_.empty_file();
    bytes_before_ += lines_->bytes_read();
    lines_.reset();
  }

  /// Goes on with the next file. What was read of this one has been handed out.
  void leave_file(const Error& error) {
    log_warning("skipped from here on: {}", error.what());
    ++statistics_.unreadable_files;
    if (lines_) count_text();
    if (statistics_.text_bytes > text_before_) ++statistics_.files;
    bytes_before_ += current().size_bytes.value_or(lines_ ? lines_->bytes_read() : 0);
    lines_.reset();
    documents_.end_document();
  }

  /// The reader of kJsonl counts the text of each field.
  void count_text() {
    if (options_.format != InputFormat::kJsonl) statistics_.text_bytes += lines_->text_bytes();
  }

  void check_that_some_were_readable() const {
    if (options_.is_part || statistics_.files > 0 || statistics_.unreadable_files == 0) return;
    throw DataError("no input file could be read, for the reasons above");
  }

  const InputFile& current() const { return files_[next_file_ - 1]; }

  ReaderOptions options_;
  Checksum piped_;  ///< of what came through pipes
  ReadStatistics statistics_;
  std::vector<PartLines> part_lines_;
  ReadingLog log_;
  DocumentAssembler documents_;
  std::unique_ptr<DocumentReader> reader_;
  std::vector<InputFile> files_;
  std::size_t next_file_ = 0;
  std::optional<LineReader> lines_;  ///< the file being read
  std::uint64_t bytes_before_ = 0;   ///< bytes of the files that have been read
  std::uint64_t text_before_ = 0;    ///< ReadStatistics::text_bytes when the file was opened
  std::atomic<std::uint64_t> bytes_read_ = 0;
};

DocumentStream::DocumentStream(const std::vector<InputFile>& files, const ReaderOptions& options) {
  check(options);
  content_ = std::make_unique<Content>(files, options);
}

DocumentStream::~DocumentStream() = default;

std::optional<TextBlock> DocumentStream::next() {
  return content_->next();
}
const ReadStatistics& DocumentStream::statistics() const {
  return content_->statistics();
}
std::string DocumentStream::piped_checksum() const {
  return content_->piped_checksum();
}
const std::vector<PartLines>& DocumentStream::part_lines() const {
  return content_->part_lines();
}
std::uint64_t DocumentStream::bytes_read() const {
  return content_->bytes_read();
}

std::uint64_t DocumentStream::total_bytes() const {
  std::uint64_t total = 0;
  for (const InputFile& file : content_->files()) {
    if (!file.size_bytes) return 0;
    total += file.range ? file.range->size() : *file.size_bytes;
  }
  return total;
}

}  // namespace albert::corpus
