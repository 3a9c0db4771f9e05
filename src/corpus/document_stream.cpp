#include "corpus/document_stream.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "corpus/document_reader.h"
#include "corpus/line_reader.h"
#include "corpus/reading_log.h"

namespace albert::corpus {

namespace {

void check(const ReaderOptions& options) {
  if (options.format != InputFormat::kText && !options.document_separator.empty()) {
    throw UsageError("a document separator has no effect but with the format 'text'; leave it out");
  }
  if (options.format == InputFormat::kLines && options.paragraph_break != ParagraphBreak::kAuto) {
    throw UsageError(
        "the paragraph break has no effect with the format 'lines', where every line is a sentence; leave it out");
  }
  if (options.format == InputFormat::kJsonl && options.json_field.empty())
    throw UsageError("the name of the JSON field is empty");
}

/// Throws UsageError for a file that is named after another format, whatever it is compressed with.
void check_name(const fs::path& file, InputFormat format) {
  const fs::path name = file.extension() == ".gz" || file.extension() == ".xz" || file.extension() == ".zst"
                            ? file.stem()
                            : file.filename();
  const bool is_jsonl = name.extension() == ".jsonl" || name.extension() == ".ndjson";
  if (is_jsonl && format != InputFormat::kJsonl) {
    throw UsageError("{}: by its name a file of JSON lines; read it with --format jsonl, or rename it", file.string());
  }
}

std::unique_ptr<DocumentReader> make_reader(ReaderContext context, const ReaderOptions& options) {
  switch (options.format) {
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
  Content(std::vector<InputFile> files, const ReaderOptions& options)
      : log_(statistics_),
        documents_(statistics_),
        reader_(make_reader({documents_, statistics_, log_}, options)),
        files_(std::move(files)) {}

  std::optional<TextBlock> next() {
    for (;;) {
      if (std::optional<TextBlock> block = documents_.take()) return block;
      if (!lines_ && !open_next_file()) return std::nullopt;
      if (const std::optional<LinePiece> line = lines_->next()) {
        reader_->add(*line);
      } else {
        end_file();
      }
      bytes_read_ = bytes_before_ + (lines_ ? lines_->bytes_read() : 0);
    }
  }

  const ReadStatistics& statistics() const { return statistics_; }
  std::uint64_t bytes_read() const { return bytes_read_; }
  const std::vector<InputFile>& files() const { return files_; }

 private:
  bool open_next_file() {
    if (next_file_ == files_.size()) return false;
    const std::filesystem::path& path = files_[next_file_++].path;
    lines_.emplace(open_byte_source(path));
    log_.begin_file(path.string());
    reader_->begin_file();
    return true;
  }

  void end_file() {
    ++statistics_.files;
    statistics_.text_bytes += lines_->text_bytes();
    if (lines_->text_bytes() == 0) log_.empty_file();
    bytes_before_ += lines_->bytes_read();
    lines_.reset();
    reader_->end_file();
  }

  ReadStatistics statistics_;
  ReadingLog log_;
  DocumentAssembler documents_;
  std::unique_ptr<DocumentReader> reader_;
  std::vector<InputFile> files_;
  std::size_t next_file_ = 0;
  std::optional<LineReader> lines_;  ///< the file being read
  std::uint64_t bytes_before_ = 0;   ///< bytes of the files that have been read
  std::atomic<std::uint64_t> bytes_read_ = 0;
};

DocumentStream::DocumentStream(std::vector<InputFile> files, const ReaderOptions& options) {
  check(options);
  for (const InputFile& file : files) check_name(file.path, options.format);
  content_ = std::make_unique<Content>(std::move(files), options);
}

DocumentStream::~DocumentStream() = default;

std::optional<TextBlock> DocumentStream::next() {
  return content_->next();
}
const ReadStatistics& DocumentStream::statistics() const {
  return content_->statistics();
}
std::uint64_t DocumentStream::bytes_read() const {
  return content_->bytes_read();
}

std::uint64_t DocumentStream::total_bytes() const {
  std::uint64_t total = 0;
  for (const InputFile& file : content_->files()) {
    if (!file.size_bytes) return 0;
    total += *file.size_bytes;
  }
  return total;
}

}  // namespace albert::corpus
