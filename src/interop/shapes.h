#pragma once

#include <cstdint>

#include "interop/graph.h"

/// The shapes of what the operations of a graph make, which are the same in every format.
namespace albert::interop {

/// Of an operation over elements of two tensors, by NumPy's rules.
Shape broadcast(const Shape& a, const Shape& b);
/// Of a product of matrices, or of many.
Shape product_shape(const Shape& a, const Shape& b);
/// Of x [..., in] through a layer of `out` outputs: [..., out]
Shape with_last(Shape shape, const Dim& last);
/// Of what takes one of an axis.
Shape without_axis(Shape shape, std::int64_t axis);
/// Of what puts an axis of one in.
Shape with_axis(Shape shape, std::int64_t axis);
/// Of what adds an axis up.
Shape summed_shape(Shape shape, std::int64_t axis, bool keeps_axis);
/// Of two tensors one behind the other along the last axis.
Shape side_by_side(const Shape& a, const Shape& b);

}  // namespace albert::interop
