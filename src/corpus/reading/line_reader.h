#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "corpus/files/byte_source.h"
#include "corpus/reading/content_kind.h"

namespace albert::corpus {

/// A line, or a part of one that is too long to be held whole.
struct LinePiece {
  std::string_view bytes;    ///< without the line's end; valid until the next call
  std::uint64_t number = 0;  ///< the number of the line, from 1
  std::uint64_t offset = 0;  ///< where the piece begins in the file's (decompressed) content
  bool begins = true;        ///< the line's first piece
  bool ends = true;          ///< the line's last piece
};

/// The lines of a file, each ended by "\n", "\r\n" or, as on old Macs, "\r"; also by "\r\r\n", which a file has whose
/// line ends were converted twice. A line above kMaxPieceBytes comes in pieces of that size, cut between characters; a
/// byte order mark of UTF-8 at the start is left out.
class LineReader {
 public:
  static constexpr std::size_t kMaxPieceBytes = 256 << 10;

  /// \param first_offset where the source begins in the content of the file
  explicit LineReader(std::unique_ptr<ByteSource> source, std::uint64_t first_offset = 0);

  /// The first Head::kBytes of the content, or more; before next().
  /// Throws as ByteSource::read.
  Head head();
  /// The next piece; nothing at the end. A last line without an end is a line.
  /// Throws as ByteSource::read.
  std::optional<LinePiece> next();

  std::uint64_t bytes_read() const { return source_->bytes_read(); }  ///< bytes taken from the file on the disk
  std::uint64_t text_bytes() const { return offset_ - base_; }        ///< bytes of its content given out

 private:
  bool read_more();
  std::size_t find(char c, std::size_t& place) const;
  std::size_t line_end_size(std::size_t at) const;
  LinePiece take(std::size_t size, std::size_t skip, bool ends);
  std::size_t piece_size() const;

  std::unique_ptr<ByteSource> source_;
  std::string buffer_;
  std::size_t begin_ = 0;            ///< what next() has not given out begins here in the buffer
  std::size_t end_ = 0;              ///< the bytes in the buffer end here
  std::size_t newline_ = 0;          ///< no "\n" between begin_ and here
  std::size_t carriage_return_ = 0;  ///< no "\r" between begin_ and here
  std::uint64_t base_ = 0;           ///< where the source begins in the content
  std::uint64_t offset_ = 0;         ///< where begin_ lies in the content
  std::uint64_t number_ = 1;
  bool begins_ = true;
  bool at_end_ = false;
};

}  // namespace albert::corpus
