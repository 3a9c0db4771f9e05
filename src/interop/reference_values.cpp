#include "interop/reference_values.h"

#include <algorithm>
#include <cmath>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"

namespace albert::interop {

namespace {

double largest_difference(const ReferenceOutput& expected, const ReferenceOutput& found) {
  if (found.shape != expected.shape) {
    throw ModelError("{}: expected the shape [{}], found [{}]", expected.name, fmt::join(expected.shape, ", "),
                     fmt::join(found.shape, ", "));
  }
  double largest = 0;
  for (std::size_t i = 0; i < expected.values.size(); ++i) {
    if (!std::isfinite(expected.values[i])) continue;
    if (!std::isfinite(found.values[i])) {
      throw ModelError("{}: expected finite numbers, found {}", expected.name, found.values[i]);
    }
    largest =
        std::max(largest, std::abs(static_cast<double>(found.values[i]) - static_cast<double>(expected.values[i])));
  }
  return largest;
}

}  // namespace

double largest_difference(const std::vector<ReferenceOutput>& expected, const std::vector<ReferenceOutput>& found) {
  double largest = 0;
  for (const ReferenceOutput& output : expected) {
    const auto place = std::ranges::find(found, output.name, &ReferenceOutput::name);
    if (place == found.end()) throw ModelError("expected the output {}, found none of that name", output.name);
    largest = std::max(largest, largest_difference(output, *place));
  }
  return largest;
}

double largest_value(const std::vector<ReferenceOutput>& expected) {
  constexpr float kImpossible = -1e29F;  // see padded_model.cpp
  double largest = 0;
  for (const ReferenceOutput& output : expected) {
    for (const float value : output.values) {
      if (std::isfinite(value) && value > kImpossible)
        largest = std::max(largest, std::abs(static_cast<double>(value)));
    }
  }
  return largest;
}

}  // namespace albert::interop
