#include "text/line_sample.h"

#include <algorithm>
#include <utility>

#include "base/random.h"

namespace albert::text {

namespace {

constexpr std::uint64_t kPurpose = 0x53616D706C65;  // "Sample"

}  // namespace

LineSample::LineSample(std::uint64_t seed, std::uint64_t max_lines, std::uint64_t max_bytes)
    : key_(random_key(seed, {kPurpose})), max_lines_(max_lines), max_bytes_(max_bytes) {}

void LineSample::add(std::string_view line, std::uint64_t key) {
  Random random(key_, key);
  const std::uint64_t high = random.next();
  add_sampled(high << 32 | random.next(), line);
}

void LineSample::add_sampled(std::uint64_t priority, std::string_view line) {
  const std::uint64_t place = lines_seen_++;
  if (priority >= threshold_) return;
  lines_.push_back({priority, place, std::string(line)});
  std::push_heap(lines_.begin(), lines_.end());
  size_bytes_ += line.size() + kOverheadBytes;
  while (lines_.size() > max_lines_ || size_bytes_ > max_bytes_) evict();
}

void LineSample::evict() {
  std::pop_heap(lines_.begin(), lines_.end());
  threshold_ = lines_.back().priority;
  size_bytes_ -= lines_.back().text.size() + kOverheadBytes;
  lines_.pop_back();
}

std::vector<LineSample::Line> LineSample::take_lines() {
  std::ranges::sort(lines_, {}, &Line::place);
  size_bytes_ = 0;
  return std::exchange(lines_, {});
}

std::vector<std::string> LineSample::take() {
  std::vector<std::string> texts;
  texts.reserve(lines_.size());
  for (Line& line : take_lines()) texts.push_back(std::move(line.text));
  return texts;
}

}  // namespace albert::text
