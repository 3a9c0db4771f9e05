#include "inference/line_source.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <poll.h>
#include <unistd.h>

#include "base/error.h"
#include "base/utf8.h"

namespace albert::inference {

namespace {

constexpr std::size_t kMaxLineBytes = 256 << 20;

/// How much of a text belongs to a line end that began with a carriage return before it: of "\r\n", or of "\r\r\n",
/// which lines have whose ends were converted twice.
std::size_t rest_of_line_end(std::string_view text) {
  return text.starts_with("\n") ? 1 : text.starts_with("\r\n") ? 2 : 0;
}

}  // namespace

/// Where a line's end begins, or the buffer's npos.
std::size_t LineSource::find_end(std::size_t from) const {
  return line_end_ == LineEnd::kLineFeed ? buffer_.find('\n', from) : buffer_.find_first_of("\r\n", from);
}

bool LineSource::has_line() const {
  return !after_return_ && find_end(position_) != std::string::npos;
}

/// After a first line that ended with a carriage return: looks whether a line feed follows, once that has come. Nobody
/// waits for it to hand out the line.
void LineSource::decide_line_end() {
  const bool can_tell = ended_ || (!unread().empty() && unread() != "\r");
  if (!after_return_ || !can_tell) return;
  after_return_ = false;
  const std::size_t rest = rest_of_line_end(unread());
  line_end_ = rest > 0 ? LineEnd::kLineFeed : LineEnd::kCarriageReturn;
  position_ += rest;
}

/// Takes note of what ended a line.
void LineSource::take_end(char end) {
  if (end == '\n' && line_end_ == LineEnd::kCarriageReturn) {
    throw DataError(
        "{}: a line feed here, but the lines before end with carriage returns alone; make all ends alike, or take the "
        "carriage returns out of the text",
        place().to_string());
  }
  after_return_ = end == '\r' && line_end_ == LineEnd::kUnknown;
  if (end == '\n') line_end_ = LineEnd::kLineFeed;
  decide_line_end();
}

bool LineSource::fill() {
  std::array<char, 1 << 16> bytes;
  ssize_t size = 0;
  do size = ::read(descriptor_, bytes.data(), bytes.size());
  while (size < 0 && errno == EINTR);
  if (size < 0) throw IoError::from_errno("cannot read the input");
  if (size == 0) ended_ = true;
  buffer_.erase(0, position_);
  position_ = 0;
  buffer_.append(bytes.data(), static_cast<std::size_t>(size));
  decide_line_end();
  return size > 0;
}

std::optional<std::string> LineSource::next() {
  if (put_back_) {
    ++line_;
    return std::exchange(put_back_, std::nullopt);
  }
  while (after_return_) fill();
  std::size_t searched = position_;
  std::size_t end = std::string::npos;
  while ((end = find_end(searched)) == std::string::npos) {
    const std::size_t unread = buffer_.size() - position_;
    if (unread > kMaxLineBytes) {
      throw DataError("standard input:{}: expected lines of at most {} MiB, found a longer one; is it text?", line_ + 1,
                      kMaxLineBytes >> 20);
    }
    if (ended_ || !fill()) break;
    searched = unread;  // fill() moved what is unread to the front
  }
  if (end == std::string::npos && position_ == buffer_.size()) return std::nullopt;
  std::string line = buffer_.substr(position_, end - position_);
  position_ = std::min(end, buffer_.size() - 1) + 1;
  if (++line_ == 1 && line.starts_with(kByteOrderMark)) line.erase(0, kByteOrderMark.size());
  if (end != std::string::npos) take_end(buffer_[end]);  // the last line may lack its end
  while (line.ends_with('\r')) line.pop_back();
  return line;
}

void LineSource::put_back(std::string line) {
  put_back_ = std::move(line);
  --line_;
}

bool LineSource::ready() {
  if (put_back_) return true;
  while (!has_line() && !ended_) {
    pollfd waiting{descriptor_, POLLIN, 0};
    if (::poll(&waiting, 1, 0) <= 0) return false;
    fill();
  }
  return true;
}

}  // namespace albert::inference
