#include "corpus/line_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/utf8.h"

namespace albert::corpus {

namespace {

constexpr std::size_t kReadBytes = 256 << 10;

}  // namespace

LineReader::LineReader(std::unique_ptr<ByteSource> source)
    : source_(std::move(source)), buffer_(kMaxPieceBytes + kReadBytes, '\0') {
  while (end_ < kByteOrderMark.size() && read_more()) {
  }
  if (std::string_view(buffer_.data(), end_).starts_with(kByteOrderMark)) {
    begin_ = scanned_ = offset_ = kByteOrderMark.size();
  }
}

std::optional<LinePiece> LineReader::next() {
  for (;;) {
    if (const void* found = std::memchr(buffer_.data() + scanned_, '\n', end_ - scanned_)) {
      const auto newline = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
      if (newline - begin_ <= kMaxPieceBytes) return take(newline - begin_, 1, true);
    }
    if (end_ - begin_ > kMaxPieceBytes) return take(piece_size(), 0, false);
    scanned_ = end_;
    if (read_more()) continue;
    if (begin_ == end_) return std::nullopt;
    return take(end_ - begin_, 0, true);
  }
}

/// Reads into the room behind end_, after making some; false at the end of the file.
bool LineReader::read_more() {
  if (at_end_) return false;
  if (buffer_.size() - end_ < kReadBytes) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    scanned_ -= begin_;
    begin_ = 0;
  }
  const std::size_t n = source_->read(buffer_.data() + end_, buffer_.size() - end_);
  end_ += n;
  at_end_ = n == 0;
  return n > 0;
}

/// The next `size` bytes as a piece, with `skip` bytes behind them left out.
LinePiece LineReader::take(std::size_t size, std::size_t skip, bool ends) {
  LinePiece piece{std::string_view(buffer_).substr(begin_, size), number_, offset_, begins_, ends};
  if (ends && piece.bytes.ends_with('\r')) piece.bytes.remove_suffix(1);
  begin_ += size + skip;
  offset_ += size + skip;
  scanned_ = begin_;
  begins_ = ends;
  if (ends) ++number_;
  return piece;
}

/// At most kMaxPieceBytes, so that no character is cut.
std::size_t LineReader::piece_size() const {
  std::size_t size = kMaxPieceBytes;
  for (int i = 0; i < 3 && continues_character(buffer_[begin_ + size]); ++i) --size;
  return size;
}

}  // namespace albert::corpus
