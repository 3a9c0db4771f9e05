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

constexpr const char* kEnds = "\r\n";

/// How much of a text belongs to a line end that began with a "\r" before it.
std::size_t rest_of_line_end(std::string_view text) {
  return text.starts_with("\n") ? 1 : text.starts_with("\r\n") ? 2 : 0;
}

}  // namespace

bool LineSource::has_line() const {
  return unread().find_first_of(kEnds, after_return_ ? rest_of_line_end(unread()) : 0) != std::string_view::npos;
}

/// Passes over what is left of the last line's end. That may come later than its "\r", for which alone nobody waits.
void LineSource::finish_line_end() {
  if (!std::exchange(after_return_, false)) return;
  while ((unread().empty() || unread() == "\r") && !ended_) fill();
  position_ += rest_of_line_end(unread());
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
  return size > 0;
}

std::optional<std::string> LineSource::next() {
  if (put_back_) {
    ++line_;
    return std::exchange(put_back_, std::nullopt);
  }
  finish_line_end();
  std::size_t searched = position_;
  std::size_t end = std::string::npos;
  while ((end = buffer_.find_first_of(kEnds, searched)) == std::string::npos) {
    const std::size_t unread = buffer_.size() - position_;
    if (ended_ || !fill()) break;
    searched = unread;  // fill() moved what is unread to the front
  }
  if (end == std::string::npos) {
    if (position_ == buffer_.size()) return std::nullopt;
    end = buffer_.size();  // the last line may lack its end
  }
  std::string line = buffer_.substr(position_, end - position_);
  after_return_ = end < buffer_.size() && buffer_[end] == '\r';
  position_ = std::min(end + 1, buffer_.size());
  if (++line_ == 1 && line.starts_with(kByteOrderMark)) line.erase(0, kByteOrderMark.size());
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
