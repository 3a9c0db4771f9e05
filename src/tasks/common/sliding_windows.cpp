#include "tasks/common/sliding_windows.h"

#include <algorithm>

namespace albert::tasks {

namespace {

double surroundings(TokenRange window, std::size_t token) {
  const std::size_t fewer = std::min(token - window.begin, window.end - 1 - token);
  return static_cast<double>(fewer) + 0.01 * static_cast<double>(window.size());
}

}  // namespace

SlidingWindows::SlidingWindows(std::size_t num_tokens, std::size_t capacity, std::size_t stride)
    : num_tokens_(num_tokens), capacity_(capacity), stride_(std::min(stride, capacity)) {
  if (num_tokens > capacity) count_ += (num_tokens - capacity + stride_ - 1) / stride_;
}

TokenRange SlidingWindows::operator[](std::size_t window) const {
  const std::size_t begin = window * stride_;
  return {begin, std::min(begin + capacity_, num_tokens_)};
}

bool SlidingWindows::shows_best(std::size_t window, std::size_t token) const {
  const std::size_t first = token < capacity_ ? 0 : (token - capacity_) / stride_ + 1;
  const std::size_t last = std::min(token / stride_, count_ - 1);
  const double own = surroundings((*this)[window], token);
  for (std::size_t other = first; other <= last; ++other) {
    const double rival = surroundings((*this)[other], token);
    if (rival > own || (rival == own && other < window)) return false;  // of equals the first
  }
  return true;
}

}  // namespace albert::tasks
