#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace albert::interop {

/// An input of a graph, padded: int64 in rows.
struct ReferenceInput {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> values;
};

/// What a graph gives, padded, by its name: float32 in rows. Of what is expected, NaN where there is only padding.
struct ReferenceOutput {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

/// A batch as other runtimes take it, and what this program makes of the same texts, without padding.
struct Reference {
  std::vector<ReferenceInput> inputs;  ///< in the order of the graph's
  std::vector<ReferenceOutput> outputs;
};

/// By how much two sets of outputs differ at most, where a number is expected that is finite; `found` may have more
/// outputs. `verify.py` does the same.
/// Throws ModelError for an output that is missing, has another shape, or holds no finite number where one is expected.
double largest_difference(const std::vector<ReferenceOutput>& expected, const std::vector<ReferenceOutput>& found);

/// The largest absolute value that is expected, but for those of what is impossible.
double largest_value(const std::vector<ReferenceOutput>& expected);

}  // namespace albert::interop
