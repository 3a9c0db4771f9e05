#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "interop/graph.h"

namespace albert::interop {

/// Builds an exported program of PyTorch's (torch.export, schema 8.17): nodes of ATen's operators, whose matrices are
/// PyTorch's own [out, in]. Batch and length are symbols, so that one program serves all. It gives a dict, by the
/// names of the outputs. Everything is float32.
class TorchExportGraph : public GraphBuilder {
 public:
  /// \param weights outlives the object
  /// \param max_length of a sequence in tokens
  TorchExportGraph(const Weights& weights, std::int64_t max_length) : weights_(weights), max_length_(max_length) {}

  /// Writes the .pt2 archive; once, at the end.
  /// Throws ModelError for more than 4 GiB, IoError.
  void write(const std::filesystem::path& path) const;

  void begin_part(const std::string& name) override { part_ = name; }
  Value input(const std::string& name, const Shape& shape) override;
  void output(const std::string& name, const Value& value) override { outputs_.emplace_back(name, value); }

  Value embedding(const std::string& table, const Value& ids) override;
  Value leading_rows(const std::string& table, const Value& like) override;
  Value linear(const Value& x, const std::string& weight, const std::string& bias) override;
  Value tied_linear(const Value& x, const std::string& table, const std::string& bias) override {
    return linear(x, table, bias);
  }
  Value score_layer(const Value& x, const std::string& weight, const std::string& bias) override {
    return linear(x, weight, bias);
  }
  Value layer_norm(const Value& x, const std::string& weight, const std::string& bias, double epsilon) override;

  Value add(const Value& a, const Value& b) override { return binary("add.Tensor", a, b); }
  Value multiply(const Value& a, const Value& b) override { return binary("mul.Tensor", a, b); }
  Value divide(const Value& a, const Value& b) override;
  Value number(double value, ElementType type) override;
  Value activation(const Value& x, model::HiddenActivation activation) override;
  Value tanh(const Value& x) override;
  Value softmax(const Value& x) override;
  Value matmul(const Value& a, const Value& b) override;
  Value sum(const Value& x, std::int64_t axis, bool keeps_axis) override;
  Value l2_norm(const Value& x) override;
  Value maximum(const Value& a, const Value& b) override;
  Value cast(const Value& x, ElementType type) override;
  Value attention(const Value& query, const Value& key, const Value& value, const Value& bias,
                  std::int64_t num_heads) override;

  Value equal(const Value& a, const Value& b) override;
  Value logical_and(const Value& a, const Value& b) override;
  Value logical_or(const Value& a, const Value& b) override;
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
  using Json = nlohmann::ordered_json;
  /// An argument of an operator, by the name that it has in ATen's schema.
  struct Argument {
    const char* name;
    Json value;
    bool is_by_name = false;  ///< keyword-only in the schema
  };

  static Json tensor(const std::string& name) { return {{"as_tensor", {{"name", name}}}}; }
  Json operand(const Value& value) const;
  Value parameter(const std::string& name);
  std::string new_name(const std::string& target);
  void add_node(const std::string& target, const std::vector<Argument>& arguments, const std::string& name,
                const Json& outputs);
  /// Adds a node with one output.
  Value node(const std::string& target, const std::vector<Argument>& arguments, ElementType type, Shape shape);
  Value binary(const std::string& target, const Value& a, const Value& b);
  /// An extent of a tensor as a number that nodes take.
  Json size_of(const Value& x, std::int64_t axis);
  Value heads(const Value& x, std::int64_t num_heads);

  Json model() const;
  Json signature() const;

  const Weights& weights_;
  std::int64_t max_length_;
  std::string part_ = "inputs";
  std::vector<std::string> parameters_;  ///< in the order of their first use
  std::vector<Value> inputs_;
  std::vector<std::pair<std::string, Value>> outputs_;
  std::map<std::string, double> numbers_;  ///< by the name of the value that stands for one
  std::map<std::string, std::int64_t> counts_;
  std::map<std::string, std::string> sizes_;  ///< by tensor and axis: the number's name
  Json nodes_ = Json::array();
  Json tensor_values_ = Json::object();
  Json size_values_ = Json::object();
};

}  // namespace albert::interop
