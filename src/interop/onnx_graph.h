#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "interop/graph.h"
#include "interop/onnx_file.h"

namespace albert::interop {

/// In which numbers an ONNX graph computes.
enum class OnnxPrecision {
  kFloat32,
  kFloat16,  ///< but for the last products of heads
  /// Matrices and tables are int8, a scale for each output or row. What a matrix is multiplied with becomes uint8 when
  /// it is computed, by its own range (DynamicQuantizeLinear). All else is float32.
  kInt8,
};

/// Builds a graph of ONNX's standard operators, in the form that runtimes recognise: a matrix is the second input of
/// its MatMul, [in, out], and stored once for all layers that use it; there are no Constant and no Identity nodes.
class OnnxGraph : public GraphBuilder {
 public:
  /// \param weights outlives the object
  /// \param largest_int8 see quantize_rows()
  OnnxGraph(const Weights& weights, OnnxPrecision precision, int largest_int8 = 127)
      : weights_(weights), precision_(precision), largest_int8_(largest_int8) {}

  /// What was built. Call it once, at the end.
  OnnxModel take_model();

  void begin_part(const std::string& name) override { part_ = name; }
  Value input(const std::string& name, const Shape& shape) override;
  void output(const std::string& name, const Value& value) override;

  Value embedding(const std::string& table, const Value& ids) override;
  Value leading_rows(const std::string& table, const Value& like) override;
  Value linear(const Value& x, const std::string& weight, const std::string& bias) override;
  Value tied_linear(const Value& x, const std::string& table, const std::string& bias) override;
  Value score_layer(const Value& x, const std::string& weight, const std::string& bias) override;
  Value layer_norm(const Value& x, const std::string& weight, const std::string& bias, double epsilon) override;

  Value add(const Value& a, const Value& b) override { return binary("Add", a, b); }
  Value multiply(const Value& a, const Value& b) override { return binary("Mul", a, b); }
  Value divide(const Value& a, const Value& b) override { return binary("Div", a, b); }
  Value maximum(const Value& a, const Value& b) override { return binary("Max", a, b); }
  Value number(double value, ElementType type) override;
  Value activation(const Value& x, model::HiddenActivation activation) override;
  Value tanh(const Value& x) override { return unary("Tanh", x); }
  Value softmax(const Value& x) override;
  Value matmul(const Value& a, const Value& b) override;
  Value sum(const Value& x, std::int64_t axis, bool keeps_axis) override;
  Value l2_norm(const Value& x) override;
  Value cast(const Value& x, ElementType type) override;
  Value attention(const Value& query, const Value& key, const Value& value, const Value& bias,
                  std::int64_t num_heads) override;

  Value equal(const Value& a, const Value& b) override;
  Value logical_and(const Value& a, const Value& b) override { return binary("And", a, b); }
  Value logical_or(const Value& a, const Value& b) override { return binary("Or", a, b); }
  Value where(const Value& condition, const Value& a, const Value& b) override;

  Value unsqueeze(const Value& x, std::int64_t axis) override;
  Value squeeze(const Value& x, std::int64_t axis) override;
  Value select(const Value& x, std::int64_t axis, std::int64_t index) override;
  Value concatenate(const Value& a, const Value& b) override;
  Value select_tokens(const Value& x, const Value& positions) override;
  Value column_numbers(const Value& like, std::int64_t largest_length) override;
  Value top_positions(const Value& x, std::int64_t k) override;
  Value flatten_choices(const Value& x) override;
  Value unflatten_choices(const Value& x, const Value& like) override;

 private:
  /// A tensor as DynamicQuantizeLinear makes it.
  struct Quantized {
    std::string values;
    std::string scale;
    std::string zero_point;
  };

  const Weight& weight(const std::string& name) const;
  OnnxType onnx_type(ElementType type) const;
  /// A name of its own for what an operator makes.
  std::string new_name(const std::string& op);
  /// Adds a node with one output, and returns its name.
  std::string node(const std::string& op, std::vector<std::string> inputs, std::vector<OnnxAttribute> attributes = {});
  Value unary(const std::string& op, const Value& x) { return {node(op, {x.name}), x.type, x.shape}; }
  Value binary(const std::string& op, const Value& a, const Value& b);
  /// Numbers of int64 that operators take as inputs: axes, shapes.
  std::string integers(const std::vector<std::int64_t>& values);
  Value reshape(const Value& x, const std::vector<std::int64_t>& rule, Shape shape);
  Value transpose_heads(const Value& x, std::int64_t num_heads, bool is_key);
  Value with_bias(const Value& x, const std::string& bias);

  void add_constant(OnnxTensor tensor);
  /// The parameter as it is, in the type, once.
  std::string plain(const std::string& name, ElementType type);
  /// The matrix [out, in] as [in, out], once.
  std::string transposed(const std::string& name, ElementType type);
  std::string float_bytes(std::span<const float> values, OnnxType type) const;
  /// The table as int8 [rows, columns] and its scales [rows, 1]: their names.
  std::pair<std::string, std::string> int8_table(const std::string& name);
  std::pair<std::string, std::string> int8_matrix(const std::string& name);
  const Quantized& quantize(const Value& x);
  /// x times an int8 matrix [in, out] with scales [out].
  Value int8_product(const Value& x, const std::string& matrix, const std::string& scales, std::int64_t num_outputs);
  /// The rows of an int8 table that an operator takes from it and from its scales.
  Value scaled_rows(const std::string& values, const std::string& scales, Shape shape);
  std::string length_of(const Value& x, std::int64_t axis);

  const Weights& weights_;
  OnnxPrecision precision_;
  int largest_int8_;
  std::string part_ = "inputs";
  OnnxModel model_;
  std::set<std::string> constants_;
  std::map<std::string, std::int64_t> counts_;       ///< of operators in a part
  std::map<std::string, std::string> output_names_;  ///< by the name in the graph
  std::map<std::string, Quantized> quantized_;       ///< by the name of the tensor
  std::map<std::string, std::string> lengths_;       ///< extents as tensors [1], by tensor and axis
};

}  // namespace albert::interop
