#include "downstream/held_out.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <spdlog/fmt/fmt.h>

#include "base/checksum.h"
#include "base/error.h"
#include "downstream/part_files.h"

namespace albert::downstream {

namespace {

/// Uniform in [0, 1).
double position_of(std::string_view content) {
  std::uint32_t number = 0;
  const std::string digits = checksum_of(content).substr(0, 8);
  std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  return number * 0x1p-32;
}

}  // namespace

std::vector<bool> choose_share(std::span<const std::string> contents, const Source& source) {
  std::vector<double> positions(contents.size());
  std::ranges::transform(contents, positions.begin(), position_of);
  const double smallest = positions.empty() ? 0 : *std::ranges::min_element(positions);
  std::vector<bool> is_of_part;
  is_of_part.reserve(contents.size());
  for (const double position : positions) {
    const bool is_held_out = position < source.held_out || position == smallest;
    is_of_part.push_back(is_held_out == (source.part == Part::kDevelopment));
  }
  if (std::ranges::find(is_of_part, true) != is_of_part.end()) return is_of_part;
  throw DataError(
      "{}: with a share of {} held out for evaluation (task.held_out) nothing is left for {}: examples alike stay "
      "together; give a folder with a file for training and one for evaluation, or set task.held_out to 0",
      source.file.string(), source.held_out, name_of(source.part));
}

std::string describe_share(std::size_t num_taken) {
  return num_taken == 0 ? "" : fmt::format("; {} kept for the other one of training and evaluation", num_taken);
}

}  // namespace albert::downstream
