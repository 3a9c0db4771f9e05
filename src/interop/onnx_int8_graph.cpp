#include "interop/onnx_int8_graph.h"

#include <span>
#include <utility>

#include "interop/onnx_bytes.h"
#include "interop/quantize.h"
#include "interop/shapes.h"

namespace albert::interop {

OnnxInt8Graph::Int8 OnnxInt8Graph::int8_table(const std::string& name) {
  const std::string scales = name + kScaleSuffix;
  if (!has_constant(name)) {
    const QuantizedRows rows = quantize_rows(name, weight(name), largest_);
    add_constant({name, OnnxType::kInt8, {rows.num_rows, rows.num_columns}, bytes_of(std::span(rows.values))});
    add_constant({scales, OnnxType::kFloat, {rows.num_rows, 1}, bytes_of(std::span(rows.scales))});
  }
  return {name, scales};
}

OnnxInt8Graph::Int8 OnnxInt8Graph::int8_matrix(const std::string& name) {
  const std::string scales = name + kScaleSuffix;
  if (!has_constant(name)) {
    const QuantizedRows rows = quantize_rows(name, weight(name), largest_);
    const auto turned =
        transpose(std::span<const std::int8_t>(rows.values), rows.num_rows, rows.num_columns);  // [in, out]
    add_constant({name, OnnxType::kInt8, {rows.num_columns, rows.num_rows}, bytes_of(std::span(turned))});
    add_constant({scales, OnnxType::kFloat, {rows.num_rows}, bytes_of(std::span(rows.scales))});
  }
  return {name, scales};
}

const OnnxInt8Graph::Quantized& OnnxInt8Graph::quantize(const Value& x) {
  const auto [place, is_new] = quantized_.try_emplace(x.name);
  if (is_new) {
    const std::string name = new_name("DynamicQuantizeLinear");
    place->second = {name + ":0", name + ":1", name + ":2"};
    add_node({name,
              "DynamicQuantizeLinear",
              {x.name},
              {place->second.values, place->second.scale, place->second.zero_point}});
  }
  return place->second;
}

std::string OnnxInt8Graph::to_float(const std::string& whole) {
  return node("Cast", {whole}, {OnnxAttribute::integer("to", static_cast<int>(OnnxType::kFloat))});
}

Value OnnxInt8Graph::product(const Value& x, const Int8& matrix, std::int64_t num_outputs) {
  const Quantized input = quantize(x);
  const std::string floats = to_float(node("MatMulInteger", {input.values, matrix.values, input.zero_point}));
  const std::string scale = node("Mul", {input.scale, matrix.scales});
  return {node("Mul", {floats, scale}), x.type, with_last(x.shape, num_outputs)};
}

Value OnnxInt8Graph::scaled_rows(const Int8& rows, Shape shape) {
  return {node("Mul", {to_float(rows.values), rows.scales}), ElementType::kCompute, std::move(shape)};
}

Value OnnxInt8Graph::embedding(const std::string& table, const Value& ids) {
  Shape shape = ids.shape;
  shape.emplace_back(weight(table).shape.at(1));
  const auto [values, scales] = int8_table(table);
  const std::string rows = node("Gather", {values, ids.name});
  return scaled_rows({rows, node("Gather", {scales, ids.name})}, std::move(shape));
}

Value OnnxInt8Graph::leading_rows(const std::string& table, const Value& like) {
  const auto [values, scales] = int8_table(table);
  const std::string rows = leading(values, like);
  return scaled_rows({rows, leading(scales, like)}, {like.shape.at(1), weight(table).shape.at(1)});
}

Value OnnxInt8Graph::linear(const Value& x, const std::string& weight_name, const std::string& bias) {
  return with_bias(product(x, int8_matrix(weight_name), weight(weight_name).shape.at(0)), bias);
}

/// The table is turned in the graph: runtimes do that once, when they load it.
Value OnnxInt8Graph::tied_linear(const Value& x, const std::string& table, const std::string& bias) {
  const auto [values, scales] = int8_table(table);
  const std::string turned = node("Transpose", {values});
  const Int8 matrix{turned, node("Reshape", {scales, integers({-1})})};
  return with_bias(product(x, matrix, weight(table).shape.at(0)), bias);
}

}  // namespace albert::interop
