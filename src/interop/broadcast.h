#pragma once

#include "interop/graph.h"

namespace albert::interop {

/// The shape of what an operation over elements makes of two tensors, by NumPy's rules.
inline Shape broadcast(const Shape& a, const Shape& b) {
  const Shape& longer = a.size() >= b.size() ? a : b;
  const Shape& shorter = a.size() >= b.size() ? b : a;
  Shape shape = longer;
  const std::size_t offset = longer.size() - shorter.size();
  for (std::size_t i = 0; i < shorter.size(); ++i) {
    if (shape[offset + i] == Dim(1)) shape[offset + i] = shorter[i];
  }
  return shape;
}

}  // namespace albert::interop
