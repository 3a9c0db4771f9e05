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
};

/// Builds a graph of ONNX's standard operators, in the form that runtimes recognise: a matrix is the second input of
/// its MatMul, [in, out], and stored once for all layers that use it; there are no Constant and no Identity nodes.
class OnnxGraph : public GraphBuilder {
 public:
  /// \param weights outlives the object
  OnnxGraph(const Weights& weights, OnnxPrecision precision) : weights_(weights), precision_(precision) {}

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

 protected:
  const Weight& weight(const std::string& name) const;
  bool has_constant(const std::string& name) const { return constants_.contains(name); }
  void add_constant(OnnxTensor tensor);
  /// A name of its own for what an operator makes.
  std::string new_name(const std::string& op);
  void add_node(OnnxNode made) { model_.nodes.push_back(std::move(made)); }
  /// Adds a node with one output, and returns its name.
  std::string node(const std::string& op, std::vector<std::string> inputs, std::vector<OnnxAttribute> attributes = {});
  /// Numbers of int64 that operators take as inputs: axes, shapes.
  std::string integers(const std::vector<std::int64_t>& values);
  /// As many rows of a table as `like` has columns.
  std::string leading(const std::string& rows, const Value& like);
  Value with_bias(const Value& x, const std::string& bias);

 private:
  OnnxType onnx_type(ElementType type) const;
  Value unary(const std::string& op, const Value& x) { return {node(op, {x.name}), x.type, x.shape}; }
  Value binary(const std::string& op, const Value& a, const Value& b);
  Value reshape(const Value& x, const std::vector<std::int64_t>& rule, Shape shape);
  Value transpose_heads(const Value& x, std::int64_t num_heads, bool is_key);

  std::string stored_name(const std::string& name, ElementType type) const;
  /// The parameter as it is, in the type, once.
  std::string plain(const std::string& name, ElementType type);
  /// The matrix [out, in] as [in, out], once.
  std::string transposed(const std::string& name, ElementType type);
  std::string float_bytes(std::span<const float> values, OnnxType type) const;
  std::string length_of(const Value& x, std::int64_t axis);

  const Weights& weights_;
  OnnxPrecision precision_;
  std::string part_ = "inputs";
  OnnxModel model_;
  std::set<std::string> constants_;
  std::map<std::string, std::int64_t> counts_;       ///< of operators in a part
  std::map<std::string, std::string> output_names_;  ///< by the name in the graph
  std::map<std::string, std::string> lengths_;       ///< extents as tensors [1], by tensor and axis
};

}  // namespace albert::interop
