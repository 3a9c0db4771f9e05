#include "text/line_sample.h"

#include <algorithm>

#include "base/random.h"

namespace albert::text {
namespace {

constexpr std::uint64_t kPurpose = 0x53616D706C65;  // "Sample"

}  // namespace

LineSample::LineSample(std::uint64_t seed, std::uint64_t max_lines, std::uint64_t max_bytes)
    : key_(random_key(seed, {kPurpose})), max_lines_(max_lines), max_bytes_(max_bytes) {}

void LineSample::add(std::string_view line) {
  const std::uint64_t place = lines_seen_++;
  Random random(key_, place);
  const std::uint64_t priority = std::uint64_t{random.next()} << 32 | random.next();
  if (priority >= limit_) return;
  lines_.push_back({priority, place, std::string(line)});
  std::push_heap(lines_.begin(), lines_.end());
  size_bytes_ += line.size() + kOverheadBytes;
  while (lines_.size() > max_lines_ || size_bytes_ > max_bytes_) evict();
}

void LineSample::evict() {
  std::pop_heap(lines_.begin(), lines_.end());
  limit_ = lines_.back().priority;
  size_bytes_ -= lines_.back().text.size() + kOverheadBytes;
  lines_.pop_back();
}

std::vector<std::string> LineSample::take() {
  std::sort(lines_.begin(), lines_.end(), [](const Line& a, const Line& b) { return a.place < b.place; });
  std::vector<std::string> texts;
  texts.reserve(lines_.size());
  for (Line& line : lines_) texts.push_back(std::move(line.text));
  lines_.clear();
  size_bytes_ = 0;
  return texts;
}

}  // namespace albert::text
