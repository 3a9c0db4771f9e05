#include "base/stream_lines.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/utf8.h"

namespace albert {

namespace {

/// How much of a text belongs to a line end that began with a carriage return before it: of "\r\n", or of "\r\r\n",
/// which lines have whose ends were converted twice.
std::size_t rest_of_line_end(std::string_view text) {
  return text.starts_with("\n") ? 1 : text.starts_with("\r\n") ? 2 : 0;
}

/// Throws where the input is the file that standard output goes to: what is written would be read again, without end.
void refuse_own_output(int descriptor) {
  struct stat input {
  }, output{};
  if (::fstat(descriptor, &input) != 0 || ::fstat(STDOUT_FILENO, &output) != 0) return;
  const bool is_same = S_ISREG(input.st_mode) && input.st_dev == output.st_dev && input.st_ino == output.st_ino;
  if (!is_same || ::lseek(descriptor, 0, SEEK_CUR) >= input.st_size) return;
  throw UsageError("standard output goes to the file that is read, which would never end; write to another file");
}

}  // namespace

/// Where a line's end begins, or the buffer's npos.
std::size_t StreamLines::find_end(std::size_t from) const {
  return line_end_ == LineEnd::kLineFeed ? buffer_.find('\n', from) : buffer_.find_first_of("\r\n", from);
}

/// After a first line that ended with a carriage return: looks whether a line feed follows, once that has come. Nobody
/// waits for it to hand out the line.
void StreamLines::decide_line_end() {
  const bool can_tell = ended_ || (!unread().empty() && unread() != "\r");
  if (!after_return_ || !can_tell) return;
  after_return_ = false;
  const std::size_t rest = rest_of_line_end(unread());
  line_end_ = rest > 0 ? LineEnd::kLineFeed : LineEnd::kCarriageReturn;
  position_ += rest;
  searched_ = position_;
}

/// Takes note of what ended a line.
void StreamLines::take_end(char end) {
  if (end == '\n' && line_end_ == LineEnd::kCarriageReturn) {
    throw DataError(
        "{}:{}: a line feed here, but the lines before end with carriage returns alone; make all ends alike, or take "
        "the carriage returns out of the text",
        name_, number_);
  }
  after_return_ = end == '\r' && line_end_ == LineEnd::kUnknown;
  if (end == '\n') line_end_ = LineEnd::kLineFeed;
  decide_line_end();
}

bool StreamLines::has_input() const {
  pollfd waiting{descriptor_, POLLIN, 0};
  return ::poll(&waiting, 1, 0) > 0;
}

void StreamLines::fill() {
  if (number_ == 0 && buffer_.empty()) refuse_own_output(descriptor_);
  std::array<char, 1 << 16> bytes;
  ssize_t size = 0;
  do size = ::read(descriptor_, bytes.data(), bytes.size());
  while (size < 0 && errno == EINTR);
  if (size < 0) throw IoError::from_errno("cannot read the input");
  if (size == 0) ended_ = true;
  buffer_.erase(0, position_);
  searched_ -= position_;
  position_ = 0;
  buffer_.append(bytes.data(), static_cast<std::size_t>(size));
  decide_line_end();
}

/// Moves `searched_` to the end of the next line, or of the buffer where no line ends, and reads on until there is one
/// or the input ends.
/// \param waits otherwise reads only what has come
/// \return whether the line is there; true at the end of the input
bool StreamLines::find_line(bool waits) {
  for (;;) {
    if (!after_return_) searched_ = std::min(find_end(searched_), buffer_.size());
    if (searched_ - position_ > max_line_bytes_) {
      throw DataError("{}:{}: expected lines of at most {} bytes, found a longer one; is it text?", name_, number_ + 1,
                      grouped(max_line_bytes_));
    }
    const bool is_whole = !after_return_ && searched_ < buffer_.size();
    if (is_whole || ended_) return true;
    if (!waits && !has_input()) return false;
    fill();
  }
}

std::optional<std::string> StreamLines::next() {
  if (put_back_) {
    ++number_;
    return std::exchange(put_back_, std::nullopt);
  }
  find_line(/*waits=*/true);
  if (position_ == buffer_.size()) return std::nullopt;
  const std::size_t end = searched_;
  std::string line = buffer_.substr(position_, end - position_);
  position_ = searched_ = std::min(end + 1, buffer_.size());
  if (++number_ == 1 && line.starts_with(kByteOrderMark)) line.erase(0, kByteOrderMark.size());
  has_end_ = end < buffer_.size();
  if (has_end_) take_end(buffer_[end]);
  while (line.ends_with('\r')) line.pop_back();
  return line;
}

void StreamLines::put_back(std::string line) {
  put_back_ = std::move(line);
  --number_;
}

}  // namespace albert
