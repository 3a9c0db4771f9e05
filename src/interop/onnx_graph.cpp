#include "interop/onnx_graph.h"

#include <algorithm>
#include <cmath>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "interop/half.h"
#include "interop/onnx_bytes.h"
#include "interop/shapes.h"

namespace albert::interop {

const Weight& OnnxGraph::weight(const std::string& name) const {
  const auto found = weights_.find(name);
  if (found == weights_.end()) throw InternalError("the model has no parameter {} for its graph", name);
  return found->second;
}

OnnxType OnnxGraph::onnx_type(ElementType type) const {
  switch (type) {
    case ElementType::kInt64:
      return OnnxType::kInt64;
    case ElementType::kBool:
      return OnnxType::kBool;
    case ElementType::kFloat:
      return OnnxType::kFloat;
    case ElementType::kCompute:
      break;
  }
  return precision_ == OnnxPrecision::kFloat16 ? OnnxType::kFloat16 : OnnxType::kFloat;
}

std::string OnnxGraph::new_name(const std::string& op) {
  const std::string name = fmt::format("{}/{}", part_, op);
  const std::int64_t number = counts_[name]++;
  return number == 0 ? name : fmt::format("{}_{}", name, number);
}

std::string OnnxGraph::node(const std::string& op, std::vector<std::string> inputs,
                            std::vector<OnnxAttribute> attributes) {
  const std::string name = new_name(op);
  model_.nodes.push_back({name, op, std::move(inputs), {name + ":0"}, std::move(attributes)});
  return model_.nodes.back().outputs.front();
}

// What has parameters.

void OnnxGraph::add_constant(OnnxTensor tensor) {
  if (constants_.insert(tensor.name).second) model_.constants.push_back(std::move(tensor));
}

std::string OnnxGraph::float_bytes(std::span<const float> values, OnnxType type) const {
  if (type != OnnxType::kFloat16) return bytes_of(values);
  std::vector<std::uint16_t> halves;
  halves.reserve(values.size());
  for (const float value : values) halves.push_back(to_half(value));
  return bytes_of(std::span<const std::uint16_t>(halves));
}

/// A parameter that float16 graphs also have in float32 is there under another name.
std::string OnnxGraph::stored_name(const std::string& name, ElementType type) const {
  const bool is_second_form = type == ElementType::kFloat && precision_ == OnnxPrecision::kFloat16;
  return is_second_form ? name + ".float32" : name;
}

std::string OnnxGraph::plain(const std::string& name, ElementType type) {
  const OnnxType stored = onnx_type(type);
  std::string constant = stored_name(name, type);
  if (!constants_.contains(constant)) {
    add_constant({constant, stored, weight(name).shape, float_bytes(weight(name).values, stored)});
  }
  return constant;
}

std::string OnnxGraph::transposed(const std::string& name, ElementType type) {
  const Weight& matrix = weight(name);
  const OnnxType stored = onnx_type(type);
  const std::int64_t out = matrix.shape.at(0), in = matrix.shape.at(1);
  std::string constant = stored_name(name, type);
  if (!constants_.contains(constant)) {
    add_constant({constant, stored, {in, out}, float_bytes(transpose(matrix.values, out, in), stored)});
  }
  return constant;
}

Value OnnxGraph::with_bias(const Value& x, const std::string& bias) {
  if (bias.empty()) return x;
  return {node("Add", {x.name, plain(bias, x.type)}), x.type, x.shape};
}

Value OnnxGraph::embedding(const std::string& table, const Value& ids) {
  Shape shape = ids.shape;
  shape.emplace_back(weight(table).shape.at(1));
  return {node("Gather", {plain(table, ElementType::kCompute), ids.name}), ElementType::kCompute, std::move(shape)};
}

std::string OnnxGraph::leading(const std::string& rows, const Value& like) {
  return node("Slice", {rows, integers({0}), length_of(like, 1), integers({0})});
}

Value OnnxGraph::leading_rows(const std::string& table, const Value& like) {
  return {leading(plain(table, ElementType::kCompute), like),
          ElementType::kCompute,
          {like.shape.at(1), weight(table).shape.at(1)}};
}

Value OnnxGraph::linear(const Value& x, const std::string& weight_name, const std::string& bias) {
  return with_bias({node("MatMul", {x.name, transposed(weight_name, x.type)}), x.type,
                    with_last(x.shape, weight(weight_name).shape.at(0))},
                   bias);
}

/// The table is [out, in], and turned in the graph: runtimes do that once, when they load it.
Value OnnxGraph::tied_linear(const Value& x, const std::string& table, const std::string& bias) {
  const std::string turned = node("Transpose", {plain(table, ElementType::kCompute)});
  return with_bias({node("MatMul", {x.name, turned}), x.type, with_last(x.shape, weight(table).shape.at(0))}, bias);
}

Value OnnxGraph::score_layer(const Value& x, const std::string& weight_name, const std::string& bias) {
  return OnnxGraph::linear(cast(x, ElementType::kFloat), weight_name, bias);
}

Value OnnxGraph::layer_norm(const Value& x, const std::string& weight_name, const std::string& bias, double epsilon) {
  return {node("LayerNormalization", {x.name, plain(weight_name, x.type), plain(bias, x.type)},
               {OnnxAttribute::integer("axis", -1), OnnxAttribute::real("epsilon", static_cast<float>(epsilon))}),
          x.type, x.shape};
}

// What has none.

Value OnnxGraph::input(const std::string& name, const Shape& shape) {
  model_.inputs.push_back({name, OnnxType::kInt64, shape});
  return {name, ElementType::kInt64, shape};
}

void OnnxGraph::output(const std::string& name, const Value& value) {
  if (value.type == ElementType::kCompute && precision_ == OnnxPrecision::kFloat16) {
    throw InternalError("the output {} is float16", name);
  }
  output_names_.emplace(value.name, name);
  model_.outputs.push_back({name, onnx_type(value.type), value.shape});
}

OnnxModel OnnxGraph::take_model() {
  const auto rename = [&](std::string& name) {
    const auto found = output_names_.find(name);
    if (found != output_names_.end()) name = found->second;
  };
  for (OnnxNode& made : model_.nodes) {
    std::ranges::for_each(made.inputs, rename);
    std::ranges::for_each(made.outputs, rename);
  }
  return std::move(model_);
}

Value OnnxGraph::binary(const std::string& op, const Value& a, const Value& b) {
  return {node(op, {a.name, b.name}), a.type, broadcast(a.shape, b.shape)};
}

Value OnnxGraph::number(double value, ElementType type) {
  std::string name = fmt::format("number/{}", value);
  if (type == ElementType::kInt64) {
    name = fmt::format("integer/{}", static_cast<std::int64_t>(value));
    const auto whole = static_cast<std::int64_t>(value);
    add_constant({name, OnnxType::kInt64, {}, bytes_of(std::span(&whole, 1))});
    return {name, type, {}};
  }
  const OnnxType stored = onnx_type(type);
  if (stored == OnnxType::kFloat16) name += "/float16";
  const auto single = static_cast<float>(value);
  add_constant({name, stored, {}, float_bytes(std::span(&single, 1), stored)});
  return {name, type, {}};
}

std::string OnnxGraph::integers(const std::vector<std::int64_t>& values) {
  const std::string name = fmt::format("integers/{}", fmt::join(values, ","));
  add_constant({name,
                OnnxType::kInt64,
                {static_cast<std::int64_t>(values.size())},
                bytes_of(std::span<const std::int64_t>(values))});
  return name;
}

/// gelu: x / 2 (1 + erf(x / sqrt(2))). gelu_new: x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), in the operators
/// that runtimes make one of.
Value OnnxGraph::activation(const Value& x, model::HiddenActivation activation) {
  if (activation == model::HiddenActivation::kRelu) return unary("Relu", x);
  const auto constant = [&](double value) { return number(value, x.type); };
  Value bent;
  if (activation == model::HiddenActivation::kGelu) {
    bent = unary("Erf", divide(x, constant(std::sqrt(2.0))));
  } else {
    const Value cube = binary("Pow", x, constant(3));
    bent = tanh(multiply(add(x, multiply(cube, constant(0.044715))), constant(std::sqrt(2 / M_PI))));
  }
  return multiply(multiply(x, add(bent, constant(1))), constant(0.5));
}

Value OnnxGraph::softmax(const Value& x) {
  return {node("Softmax", {x.name}, {OnnxAttribute::integer("axis", -1)}), x.type, x.shape};
}

Value OnnxGraph::matmul(const Value& a, const Value& b) {
  return {node("MatMul", {a.name, b.name}), a.type, product_shape(a.shape, b.shape)};
}

Value OnnxGraph::sum(const Value& x, std::int64_t axis, bool keeps_axis) {
  return {node("ReduceSum", {x.name, integers({axis})}, {OnnxAttribute::integer("keepdims", keeps_axis ? 1 : 0)}),
          x.type, summed_shape(x.shape, axis, keeps_axis)};
}

Value OnnxGraph::l2_norm(const Value& x) {
  const auto last = static_cast<std::int64_t>(x.shape.size()) - 1;
  const Value squares = sum(multiply(x, x), last, true);
  return unary("Sqrt", squares);
}

Value OnnxGraph::cast(const Value& x, ElementType type) {
  if (onnx_type(x.type) == onnx_type(type)) return {x.name, type, x.shape};
  return {node("Cast", {x.name}, {OnnxAttribute::integer("to", static_cast<int>(onnx_type(type)))}), type, x.shape};
}

Value OnnxGraph::reshape(const Value& x, const std::vector<std::int64_t>& rule, Shape shape) {
  return {node("Reshape", {x.name, integers(rule)}), x.type, std::move(shape)};
}

/// [B, L, H] -> [B, N, L, D], or of the keys [B, N, D, L].
Value OnnxGraph::transpose_heads(const Value& x, std::int64_t num_heads, bool is_key) {
  const std::int64_t size = x.shape[2].size / num_heads;
  const Value heads = reshape(x, {0, 0, num_heads, size}, {x.shape[0], x.shape[1], num_heads, size});
  Shape shape = {x.shape[0], num_heads, x.shape[1], size};
  if (is_key) std::swap(shape[2], shape[3]);
  const std::vector<std::int64_t> order =
      is_key ? std::vector<std::int64_t>{0, 2, 3, 1} : std::vector<std::int64_t>{0, 2, 1, 3};
  return {node("Transpose", {heads.name}, {OnnxAttribute::integers("perm", order)}), x.type, std::move(shape)};
}

Value OnnxGraph::attention(const Value& query, const Value& key, const Value& value, const Value& bias,
                           std::int64_t num_heads) {
  const std::int64_t hidden = query.shape[2].size;
  const std::int64_t head_size = hidden / num_heads;
  const double scale = std::sqrt(static_cast<double>(head_size));
  const Value products = matmul(transpose_heads(query, num_heads, false), transpose_heads(key, num_heads, true));
  const Value scores = add(divide(products, number(scale, query.type)), bias);               // [B, N, L, L]
  const Value attended = matmul(softmax(scores), transpose_heads(value, num_heads, false));  // [B, N, L, D]
  const std::string rows = node("Transpose", {attended.name}, {OnnxAttribute::integers("perm", {0, 2, 1, 3})});
  return reshape({rows, query.type, {}}, {0, 0, hidden}, query.shape);
}

Value OnnxGraph::equal(const Value& a, const Value& b) {
  return {node("Equal", {a.name, b.name}), ElementType::kBool, broadcast(a.shape, b.shape)};
}

Value OnnxGraph::where(const Value& condition, const Value& a, const Value& b) {
  return {node("Where", {condition.name, a.name, b.name}), a.type,
          broadcast(condition.shape, broadcast(a.shape, b.shape))};
}

Value OnnxGraph::unsqueeze(const Value& x, std::int64_t axis) {
  return {node("Unsqueeze", {x.name, integers({axis})}), x.type, with_axis(x.shape, axis)};
}

Value OnnxGraph::squeeze(const Value& x, std::int64_t axis) {
  return {node("Squeeze", {x.name, integers({axis})}), x.type, without_axis(x.shape, axis)};
}

Value OnnxGraph::select(const Value& x, std::int64_t axis, std::int64_t index) {
  return {node("Gather", {x.name, number(static_cast<double>(index), ElementType::kInt64).name},
               {OnnxAttribute::integer("axis", axis)}),
          x.type, without_axis(x.shape, axis)};
}

Value OnnxGraph::concatenate(const Value& a, const Value& b) {
  return {node("Concat", {a.name, b.name}, {OnnxAttribute::integer("axis", -1)}), a.type,
          side_by_side(a.shape, b.shape)};
}

Value OnnxGraph::select_tokens(const Value& x, const Value& positions) {
  const Value indices = unsqueeze(positions, 2);  // [B, P, 1]
  return {node("GatherND", {x.name, indices.name}, {OnnxAttribute::integer("batch_dims", 1)}),
          x.type,
          {x.shape[0], positions.shape[1], x.shape[2]}};
}

/// The extent of one axis, as a tensor [1].
std::string OnnxGraph::length_of(const Value& x, std::int64_t axis) {
  const std::string key = fmt::format("{}:{}", x.name, axis);
  std::string& length = lengths_[key];
  if (length.empty()) {
    length = node("Shape", {x.name}, {OnnxAttribute::integer("start", axis), OnnxAttribute::integer("end", axis + 1)});
  }
  return length;
}

Value OnnxGraph::column_numbers(const Value& like, std::int64_t largest_length) {
  std::vector<std::int64_t> numbers;
  for (std::int64_t i = 0; i < largest_length; ++i) numbers.push_back(i);
  const std::string name = "column_numbers";
  add_constant({name, OnnxType::kInt64, {largest_length}, bytes_of(std::span<const std::int64_t>(numbers))});
  return {node("Slice", {name, integers({0}), length_of(like, 1)}), ElementType::kInt64, {like.shape[1]}};
}

Value OnnxGraph::top_positions(const Value& x, std::int64_t k) {
  const std::string count = node("Min", {integers({k}), length_of(x, 1)});
  const std::string name = new_name("TopK");
  model_.nodes.push_back({name, "TopK", {x.name, count}, {name + ":0", name + ":1"}});
  return {name + ":1", ElementType::kInt64, {x.shape[0], Dim::at_most(k, x.shape[1], "num_starts")}};
}

Value OnnxGraph::flatten_choices(const Value& x) {
  return {node("Flatten", {x.name}, {OnnxAttribute::integer("axis", 2)}),
          x.type,
          {Dim::product(x.shape[0], x.shape[1]), x.shape[2]}};
}

Value OnnxGraph::unflatten_choices(const Value& x, const Value& like) {
  const std::string shape =
      node("Shape", {like.name}, {OnnxAttribute::integer("start", 0), OnnxAttribute::integer("end", 2)});
  return {node("Reshape", {x.name, shape}), x.type, {like.shape[0], like.shape[1]}};
}

}  // namespace albert::interop
