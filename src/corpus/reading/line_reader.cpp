#include "corpus/reading/line_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/utf8.h"

namespace albert::corpus {

namespace {

constexpr std::size_t kReadBytes = 256 << 10;

}  // namespace

LineReader::LineReader(std::unique_ptr<ByteSource> source, std::uint64_t first_offset)
    : source_(std::move(source)),
      buffer_(kMaxPieceBytes + kReadBytes, '\0'),
      base_(first_offset),
      offset_(first_offset) {
  if (base_ > 0) return;
  while (end_ < kByteOrderMark.size() && read_more()) {
  }
  if (std::string_view(buffer_.data(), end_).starts_with(kByteOrderMark)) {
    begin_ = offset_ = kByteOrderMark.size();
  }
}

Head LineReader::head() {
  while (end_ - begin_ < Head::kBytes && read_more()) {
  }
  return {.bytes = std::string_view(buffer_.data() + begin_, end_ - begin_), .is_all = at_end_};
}

std::optional<LinePiece> LineReader::next() {
  for (;;) {
    const std::size_t end = std::min(find('\n', newline_), find('\r', carriage_return_));
    if (end < end_ && end - begin_ <= kMaxPieceBytes) {
      if (const std::size_t skip = line_end_size(end); skip > 0) return take(end - begin_, skip, true);
    } else if (end_ - begin_ > kMaxPieceBytes) {
      return take(piece_size(), 0, false);
    }
    if (!at_end_) {
      read_more();
    } else if (begin_ == end_) {
      return std::nullopt;
    } else {
      return take(end_ - begin_, 0, true);
    }
  }
}

/// Where the next `c` lies; end_ if there is none yet.
/// \param place none lies between begin_ and here; is moved on, so that no byte is looked at twice
std::size_t LineReader::find(char c, std::size_t& place) const {
  place = std::max(place, begin_);
  if (place == end_ || buffer_[place] == c) return place;
  const void* found = std::memchr(buffer_.data() + place, c, end_ - place);
  place = found == nullptr ? end_ : static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
  return place;
}

/// How many bytes the line end has that begins here; 0 if only what follows in the file can tell.
std::size_t LineReader::line_end_size(std::size_t at) const {
  constexpr std::string_view kLongest = "\r\r\n";
  const std::string_view bytes = std::string_view(buffer_.data() + at, end_ - at).substr(0, kLongest.size());
  for (const std::string_view line_end : {std::string_view("\n"), std::string_view("\r\n"), kLongest}) {
    if (bytes.starts_with(line_end)) return line_end.size();
  }
  return kLongest.starts_with(bytes) && !at_end_ ? 0 : 1;
}

/// Reads into the room behind end_, after making some; false at the end of the file.
bool LineReader::read_more() {
  if (at_end_) return false;
  if (buffer_.size() - end_ < kReadBytes) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    newline_ = std::max(newline_, begin_) - begin_;
    carriage_return_ = std::max(carriage_return_, begin_) - begin_;
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
  begin_ += size + skip;
  offset_ += size + skip;
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
