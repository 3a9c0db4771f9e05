#pragma once

#include <cstdint>
#include <span>

#include <nlohmann/json.hpp>

#include "interop/graph.h"

/// How an exported program of PyTorch's describes tensors: their types by numbers, extents that are chosen by symbols
/// (torch/_export/serde/schema.py). Expressions are as SymPy's srepr writes them, each with what it is in the sample of
/// the inputs.
namespace albert::interop {

int torch_scalar_type(ElementType type);

/// An extent, which for one that is chosen is the expression of its symbol.
nlohmann::ordered_json torch_extent(const Dim& dim);

/// How long a chosen extent is in the sample.
std::int64_t sample_extent(const Dim& dim);

/// TensorMeta of a tensor in rows on the CPU. Strides need to be right only of what has parameters or is given.
nlohmann::ordered_json torch_metadata(ElementType type, const Shape& shape);

/// The bounds of the symbols that the inputs have: 1 and above, and for the length at most `max_length`.
nlohmann::ordered_json torch_range_constraints(std::span<const Value> inputs, std::int64_t max_length);

}  // namespace albert::interop
