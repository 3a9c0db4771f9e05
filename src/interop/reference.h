#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "interop/source_model.h"

namespace albert::interop {

/// An input of a graph, padded: int64 in rows.
struct ReferenceInput {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> values;
};

/// What a graph gives, padded, by its name: float32 in rows, NaN where there is only padding.
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

/// Makes a batch of texts, cut to 64 tokens, with every second one in a pair where the model takes pairs.
/// \param texts at least three
Reference make_reference(const SourceModel& source, std::span<const std::string> texts);

}  // namespace albert::interop
