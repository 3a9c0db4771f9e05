#include "interop/torch_export_graph.h"

#include <algorithm>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "interop/shapes.h"
#include "interop/torch_export_metadata.h"

namespace albert::interop {

namespace {

using Json = nlohmann::ordered_json;

// Kinds of arguments in torch/_export/serde/schema.py.
constexpr int kPositional = 1;
constexpr int kByName = 2;

bool is_float(ElementType type) {
  return type == ElementType::kFloat || type == ElementType::kCompute;
}

Json integer(std::int64_t value) {
  return {{"as_int", value}};
}

Json integers(const std::vector<std::int64_t>& values) {
  return {{"as_ints", values}};
}

Json truth(bool value) {
  return {{"as_bool", value}};
}

}  // namespace

// Names and nodes.

Json TorchExportGraph::operand(const Value& value) const {
  const auto found = numbers_.find(value.name);
  if (found == numbers_.end()) return tensor(value.name);
  if (is_float(value.type)) return {{"as_float", found->second}};
  return integer(static_cast<std::int64_t>(found->second));
}

Value TorchExportGraph::parameter(const std::string& name) {
  const auto found = weights_.find(name);
  if (found == weights_.end()) throw InternalError("the model has no parameter {} for its graph", name);
  std::string graph_name = "p_" + name;
  std::ranges::replace(graph_name, '.', '_');
  Shape shape(found->second.shape.begin(), found->second.shape.end());
  if (std::ranges::find(parameters_, name) == parameters_.end()) {
    parameters_.push_back(name);
    tensor_values_[graph_name] = torch_metadata(ElementType::kFloat, shape);
  }
  return {graph_name, ElementType::kFloat, shape};
}

std::string TorchExportGraph::new_name(const std::string& target) {
  const std::string base = target.substr(0, target.find('.'));
  return fmt::format("{}_{}", base, counts_[base]++);
}

void TorchExportGraph::add_node(const std::string& target, const std::vector<Argument>& arguments,
                                const std::string& name, const Json& outputs) {
  Json inputs = Json::array();
  for (const auto& [argument, value, is_by_name] : arguments) {
    inputs.push_back({{"name", argument}, {"arg", value}, {"kind", is_by_name ? kByName : kPositional}});
  }
  nodes_.push_back({{"target", "torch.ops.aten." + target},
                    {"inputs", std::move(inputs)},
                    {"outputs", outputs},
                    {"metadata", {{"nn_module_stack", fmt::format("L__self__,,albert.{}", part_)}}},
                    {"is_hop_single_tensor_return", nullptr},
                    {"name", name}});
}

Value TorchExportGraph::node(const std::string& target, const std::vector<Argument>& arguments, ElementType type,
                             Shape shape) {
  const std::string name = new_name(target);
  add_node(target, arguments, name, Json::array({tensor(name)}));
  tensor_values_[name] = torch_metadata(type, shape);
  return {name, type, std::move(shape)};
}

Value TorchExportGraph::divide(const Value& a, const Value& b) {
  if (numbers_.contains(a.name)) throw InternalError("a number is divided by the tensor {}", b.name);
  return binary("div.Tensor", a, b);
}

/// A number, if there is one, is the second operand: all operations but divide() give the same either way.
Value TorchExportGraph::binary(const std::string& target, const Value& a, const Value& b) {
  if (numbers_.contains(a.name)) return binary(target, b, a);
  return node(target, {{"self", tensor(a.name)}, {"other", operand(b)}}, a.type, broadcast(a.shape, b.shape));
}

Json TorchExportGraph::size_of(const Value& x, std::int64_t axis) {
  std::string& name = sizes_[fmt::format("{}:{}", x.name, axis)];
  if (name.empty()) {
    name = new_name("sym_size");
    const Json output = {{"as_sym_int", {{"as_name", name}}}};
    add_node("sym_size.int", {{"self", tensor(x.name)}, {"dim", integer(axis)}}, name, Json::array({output}));
    size_values_[name] = torch_extent(x.shape.at(static_cast<std::size_t>(axis)));
  }
  return {{"as_name", name}};
}

Value TorchExportGraph::input(const std::string& name, const Shape& shape) {
  inputs_.push_back({name, ElementType::kInt64, shape});
  tensor_values_[name] = torch_metadata(ElementType::kInt64, shape);
  return inputs_.back();
}

// What has parameters.

Value TorchExportGraph::embedding(const std::string& table, const Value& ids) {
  const Value weight = parameter(table);
  Shape shape = ids.shape;
  shape.push_back(weight.shape.at(1));
  return node("embedding.default", {{"weight", tensor(weight.name)}, {"indices", tensor(ids.name)}},
              ElementType::kFloat, std::move(shape));
}

Value TorchExportGraph::leading_rows(const std::string& table, const Value& like) {
  const Value weight = parameter(table);
  return node("slice.Tensor",
              {{"self", tensor(weight.name)},
               {"dim", integer(0)},
               {"start", integer(0)},
               {"end", {{"as_sym_int", size_of(like, 1)}}}},
              ElementType::kFloat, {like.shape.at(1), weight.shape.at(1)});
}

Value TorchExportGraph::linear(const Value& x, const std::string& weight_name, const std::string& bias) {
  const Value weight = parameter(weight_name);
  Shape shape = with_last(x.shape, weight.shape.at(0));
  std::vector<Argument> arguments = {{"input", tensor(x.name)}, {"weight", tensor(weight.name)}};
  if (!bias.empty()) arguments.push_back({"bias", tensor(parameter(bias).name)});
  return node("linear.default", arguments, ElementType::kFloat, std::move(shape));
}

Value TorchExportGraph::layer_norm(const Value& x, const std::string& weight, const std::string& bias, double epsilon) {
  return node("layer_norm.default",
              {{"input", tensor(x.name)},
               {"normalized_shape", integers({x.shape.back().size})},
               {"weight", tensor(parameter(weight).name)},
               {"bias", tensor(parameter(bias).name)},
               {"eps", {{"as_float", epsilon}}}},
              x.type, x.shape);
}

// What has none.

Value TorchExportGraph::number(double value, ElementType type) {
  std::string name = fmt::format("number {}", value);
  numbers_.emplace(name, value);
  return {std::move(name), type, {}};
}

Value TorchExportGraph::activation(const Value& x, model::HiddenActivation activation) {
  if (activation == model::HiddenActivation::kRelu)
    return node("relu.default", {{"self", tensor(x.name)}}, x.type, x.shape);
  const char* form = activation == model::HiddenActivation::kGelu ? "none" : "tanh";
  return node("gelu.default", {{"self", tensor(x.name)}, {"approximate", {{"as_string", form}}, true}}, x.type,
              x.shape);
}

Value TorchExportGraph::tanh(const Value& x) {
  return node("tanh.default", {{"self", tensor(x.name)}}, x.type, x.shape);
}

Value TorchExportGraph::softmax(const Value& x) {
  return node("softmax.int", {{"self", tensor(x.name)}, {"dim", integer(-1)}}, x.type, x.shape);
}

Value TorchExportGraph::matmul(const Value& a, const Value& b) {
  return node("matmul.default", {{"self", tensor(a.name)}, {"other", tensor(b.name)}}, a.type,
              product_shape(a.shape, b.shape));
}

Value TorchExportGraph::sum(const Value& x, std::int64_t axis, bool keeps_axis) {
  return node("sum.dim_IntList", {{"self", tensor(x.name)}, {"dim", integers({axis})}, {"keepdim", truth(keeps_axis)}},
              x.type, summed_shape(x.shape, axis, keeps_axis));
}

Value TorchExportGraph::l2_norm(const Value& x) {
  return node(
      "linalg_vector_norm.default",
      {{"self", tensor(x.name)}, {"ord", {{"as_float", 2.0}}}, {"dim", integers({-1})}, {"keepdim", truth(true)}},
      x.type, with_last(x.shape, 1));
}

Value TorchExportGraph::maximum(const Value& a, const Value& b) {
  return node("clamp_min.default", {{"self", tensor(a.name)}, {"min", operand(b)}}, a.type, a.shape);
}

Value TorchExportGraph::cast(const Value& x, ElementType type) {
  if (torch_scalar_type(x.type) == torch_scalar_type(type)) return {x.name, type, x.shape};
  return node("to.dtype", {{"self", tensor(x.name)}, {"dtype", {{"as_scalar_type", torch_scalar_type(type)}}}}, type,
              x.shape);
}

/// [B, L, H] -> [B, N, L, D]
Value TorchExportGraph::heads(const Value& x, std::int64_t num_heads) {
  const std::int64_t size = x.shape[2].size / num_heads;
  const Value divided =
      node("unflatten.int", {{"self", tensor(x.name)}, {"dim", integer(-1)}, {"sizes", integers({num_heads, size})}},
           x.type, {x.shape[0], x.shape[1], num_heads, size});
  return node("transpose.int", {{"self", tensor(divided.name)}, {"dim0", integer(1)}, {"dim1", integer(2)}}, x.type,
              {x.shape[0], num_heads, x.shape[1], size});
}

Value TorchExportGraph::attention(const Value& query, const Value& key, const Value& value, const Value& bias,
                                  std::int64_t num_heads) {
  const Value divided = heads(query, num_heads);
  const Value attended = node("scaled_dot_product_attention.default",
                              {{"query", tensor(divided.name)},
                               {"key", tensor(heads(key, num_heads).name)},
                               {"value", tensor(heads(value, num_heads).name)},
                               {"attn_mask", tensor(bias.name)}},
                              query.type, divided.shape);  // [B, N, L, D]
  const Value turned =
      node("transpose.int", {{"self", tensor(attended.name)}, {"dim0", integer(1)}, {"dim1", integer(2)}}, query.type,
           {divided.shape[0], divided.shape[2], divided.shape[1], divided.shape[3]});
  return node("flatten.using_ints", {{"self", tensor(turned.name)}, {"start_dim", integer(2)}}, query.type,
              query.shape);
}

Value TorchExportGraph::equal(const Value& a, const Value& b) {
  return node(numbers_.contains(b.name) ? "eq.Scalar" : "eq.Tensor", {{"self", tensor(a.name)}, {"other", operand(b)}},
              ElementType::kBool, broadcast(a.shape, b.shape));
}

Value TorchExportGraph::logical_and(const Value& a, const Value& b) {
  return binary("logical_and.default", a, b);
}

Value TorchExportGraph::logical_or(const Value& a, const Value& b) {
  return binary("logical_or.default", a, b);
}

Value TorchExportGraph::where(const Value& condition, const Value& a, const Value& b) {
  return node(numbers_.contains(b.name) ? "where.ScalarOther" : "where.self",
              {{"condition", tensor(condition.name)}, {"self", tensor(a.name)}, {"other", operand(b)}}, a.type,
              broadcast(condition.shape, a.shape));
}

Value TorchExportGraph::unsqueeze(const Value& x, std::int64_t axis) {
  return node("unsqueeze.default", {{"self", tensor(x.name)}, {"dim", integer(axis)}}, x.type,
              with_axis(x.shape, axis));
}

Value TorchExportGraph::squeeze(const Value& x, std::int64_t axis) {
  return node("squeeze.dim", {{"self", tensor(x.name)}, {"dim", integer(axis)}}, x.type, without_axis(x.shape, axis));
}

Value TorchExportGraph::select(const Value& x, std::int64_t axis, std::int64_t index) {
  return node("select.int", {{"self", tensor(x.name)}, {"dim", integer(axis)}, {"index", integer(index)}}, x.type,
              without_axis(x.shape, axis));
}

Value TorchExportGraph::concatenate(const Value& a, const Value& b) {
  const Json both = Json::array({{{"name", a.name}}, {{"name", b.name}}});
  return node("cat.default", {{"tensors", {{"as_tensors", both}}}, {"dim", integer(-1)}}, a.type,
              side_by_side(a.shape, b.shape));
}

Value TorchExportGraph::select_tokens(const Value& x, const Value& positions) {
  const Value rows = unsqueeze(positions, 2);  // [B, P, 1]
  const Shape shape = {x.shape[0], positions.shape[1], x.shape[2]};
  const Value whole =
      node("expand.default", {{"self", tensor(rows.name)}, {"size", integers({-1, -1, x.shape[2].size})}},
           ElementType::kInt64, shape);
  return node("gather.default", {{"self", tensor(x.name)}, {"dim", integer(1)}, {"index", tensor(whole.name)}}, x.type,
              shape);
}

Value TorchExportGraph::column_numbers(const Value& like, std::int64_t /*largest_length*/) {
  return node("arange.default", {{"end", {{"as_sym_int", size_of(like, 1)}}}}, ElementType::kInt64, {like.shape[1]});
}

Value TorchExportGraph::top_positions(const Value& x, std::int64_t k) {
  const std::string name = new_name("sort");
  const std::string values = name + "_values", positions = name + "_positions";
  add_node("sort.stable",
           {{"self", tensor(x.name)},
            {"stable", truth(true), true},
            {"dim", integer(1), true},
            {"descending", truth(true), true}},
           name, Json::array({tensor(values), tensor(positions)}));
  tensor_values_[values] = torch_metadata(x.type, x.shape);
  tensor_values_[positions] = torch_metadata(ElementType::kInt64, x.shape);
  return node("slice.Tensor",
              {{"self", tensor(positions)}, {"dim", integer(1)}, {"start", integer(0)}, {"end", integer(k)}},
              ElementType::kInt64, {x.shape[0], Dim::at_most(k, x.shape[1], "num_starts")});
}

Value TorchExportGraph::flatten_choices(const Value& x) {
  return node("flatten.using_ints", {{"self", tensor(x.name)}, {"start_dim", integer(0)}, {"end_dim", integer(1)}},
              x.type, {Dim::product(x.shape[0], x.shape[1]), x.shape[2]});
}

Value TorchExportGraph::unflatten_choices(const Value& x, const Value& like) {
  const Json sizes = Json::array({integer(-1), size_of(like, 1)});
  return node("view.default", {{"self", tensor(x.name)}, {"size", {{"as_sym_ints", sizes}}}}, x.type,
              {like.shape[0], like.shape[1]});
}

}  // namespace albert::interop
