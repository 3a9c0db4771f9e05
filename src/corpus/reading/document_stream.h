#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "corpus/files/inputs.h"
#include "corpus/reading/reader_options.h"

namespace albert::corpus {

/// A piece of one document, small enough to be worked on at once: about ReaderOptions::block_bytes, at most 256 KiB
/// more. Where blocks end depends on the document alone.
struct TextBlock {
  /// Valid UTF-8 without NUL: paragraphs (kLines: sentences), each ended by "\n"; empty only with `last`.
  std::string text;
  bool first = false;  ///< begins a document
  bool last = false;   ///< ends a document
  // Where the document begins: two documents never begin at the same place.
  std::uint32_t file = 1;            ///< InputFile::number
  std::uint64_t document_begin = 0;  ///< an offset in the file's (decompressed) content
};

/// kJsonl: the lines of a file, or of a part of one, that were a document or should have been.
struct LineCounts {
  static constexpr std::uint64_t kMaxBadAtStart = 100;  ///< a file that begins so is of another format

  std::uint64_t good = 0;
  std::uint64_t bad_at_start = 0;  ///< skipped before the first good one

  bool operator==(const LineCounts&) const = default;
};

/// The lines of a part of a file.
struct PartLines {
  std::uint32_t file = 1;  ///< InputFile::number
  LineCounts lines;

  bool operator==(const PartLines&) const = default;
};

/// What was read, repaired and skipped.
struct ReadStatistics {
  std::uint64_t files = 0;  ///< with those that were read in part, of which only the one that has the end counts
  std::uint64_t empty_files = 0;
  std::uint64_t unreadable_files = 0;  ///< left out, or what follows in them from where they are damaged
  std::uint64_t text_bytes = 0;        ///< size of the files' text, decompressed; kJsonl: of the field
  std::uint64_t invalid_bytes = 0;     ///< bytes that were no valid UTF-8, each run replaced by U+FFFD
  std::uint64_t nul_bytes = 0;         ///< dropped
  std::uint64_t skipped_lines = 0;     ///< kJsonl: not a JSON object with the field, or too long
  std::uint64_t cut_paragraphs = 0;    ///< places where a paragraph above 256 KiB was cut
};

/// The documents of a list of files in order, as blocks of clean text. Memory does not grow with a file, a document or
/// a line (but a line of kJsonl is held whole, up to 128 MiB). What is odd in the input is logged with file and line,
/// the first few times.
///
///     DocumentStream stream(discover_inputs({.paths = paths}).files, options);
///     while (std::optional<TextBlock> block = stream.next()) ...
class DocumentStream {
 public:
  /// Looks at the beginning of every file, so that none is found to be unreadable after hours. Pipes are looked at when
  /// their turn comes.
  /// Throws UsageError if an option does not fit the format, or the separator is no regular expression; IoError or
  /// DataError for files that cannot be read, or look like ones of another layout. Several such files are logged, each
  /// with its reason.
  DocumentStream(const std::vector<InputFile>& files, const ReaderOptions& options);
  ~DocumentStream();
  DocumentStream(const DocumentStream&) = delete;
  DocumentStream& operator=(const DocumentStream&) = delete;

  /// The next block; nothing after the last one.
  /// Throws IoError if a file cannot be read, DataError if one is damaged; unless such files are left out, then
  /// DataError if none gave any text, but not for a part.
  std::optional<TextBlock> next();

  const ReadStatistics& statistics() const;
  /// The checksum of all bytes that came through pipes so far, as they came.
  std::string piped_checksum() const;
  /// kJsonl: of the files that were read in part.
  const std::vector<PartLines>& part_lines() const;
  /// Bytes of the files read so far, as they lie on the disk; may be asked from another thread.
  std::uint64_t bytes_read() const;
  /// Size of all files together; 0 if one of them has no size (a pipe).
  std::uint64_t total_bytes() const;

 private:
  class Content;
  std::unique_ptr<Content> content_;
};

}  // namespace albert::corpus
