#include "interop/shapes.h"

namespace albert::interop {

Dim Dim::product(const Dim& a, const Dim& b) {
  Dim dim(a.name + "*" + b.name);
  dim.kind = Kind::kProduct;
  dim.of = {a.name, b.name};
  return dim;
}

Dim Dim::at_most(std::int64_t most, const Dim& chosen, std::string name) {
  Dim dim(std::move(name));
  dim.kind = Kind::kAtMost;
  dim.size = most;
  dim.of = {chosen.name};
  return dim;
}

Shape broadcast(const Shape& a, const Shape& b) {
  const Shape& longer = a.size() >= b.size() ? a : b;
  const Shape& shorter = a.size() >= b.size() ? b : a;
  Shape shape = longer;
  const std::size_t offset = longer.size() - shorter.size();
  for (std::size_t i = 0; i < shorter.size(); ++i) {
    if (shape[offset + i] == Dim(1)) shape[offset + i] = shorter[i];
  }
  return shape;
}

Shape product_shape(const Shape& a, const Shape& b) {
  Shape shape = broadcast(Shape(a.begin(), a.end() - 2), Shape(b.begin(), b.end() - 2));
  shape.push_back(a[a.size() - 2]);
  shape.push_back(b.back());
  return shape;
}

Shape with_last(Shape shape, const Dim& last) {
  shape.back() = last;
  return shape;
}

Shape without_axis(Shape shape, std::int64_t axis) {
  shape.erase(shape.begin() + axis);
  return shape;
}

Shape with_axis(Shape shape, std::int64_t axis) {
  shape.insert(shape.begin() + axis, Dim(1));
  return shape;
}

Shape summed_shape(Shape shape, std::int64_t axis, bool keeps_axis) {
  if (!keeps_axis) return without_axis(std::move(shape), axis);
  shape[static_cast<std::size_t>(axis)] = 1;
  return shape;
}

Shape side_by_side(const Shape& a, const Shape& b) {
  return with_last(a, a.back().size + b.back().size);
}

}  // namespace albert::interop
