/// What the archive of an exported program says of it: the part of TorchExportGraph that comes after the nodes.
#include <algorithm>

#include "interop/torch_export_file.h"
#include "interop/torch_export_graph.h"
#include "interop/torch_export_metadata.h"

namespace albert::interop {

namespace {

using Json = nlohmann::ordered_json;

/// What torch calls a tree of values (torch.utils._pytree).
Json leaf() {
  return {{"type", nullptr}, {"context", nullptr}, {"children_spec", Json::array()}};
}

Json leaves(std::size_t count) {
  Json children = Json::array();
  for (std::size_t i = 0; i < count; ++i) children.push_back(leaf());
  return children;
}

Json tree(const char* type, const std::string& context, Json children) {
  return {{"type", type}, {"context", context}, {"children_spec", std::move(children)}};
}

/// Trees are texts of JSON in the JSON, behind their protocol's number.
std::string tree_text(const Json& root) {
  return Json::array({1, root}).dump();
}

}  // namespace

Json TorchExportGraph::signature() const {
  Json inputs = Json::array(), outputs = Json::array();
  for (const std::string& name : parameters_) {
    std::string graph_name = "p_" + name;
    std::ranges::replace(graph_name, '.', '_');
    inputs.push_back({{"parameter", {{"arg", {{"name", graph_name}}}, {"parameter_name", name}}}});
  }
  for (const Value& input : inputs_) inputs.push_back({{"user_input", {{"arg", tensor(input.name)}}}});
  for (const auto& [name, value] : outputs_) outputs.push_back({{"user_output", {{"arg", tensor(value.name)}}}});
  return {{"input_specs", std::move(inputs)}, {"output_specs", std::move(outputs)}};
}

Json TorchExportGraph::model() const {
  Json graph_inputs = Json::array(), graph_outputs = Json::array(), names = Json::array(),
       argument_names = Json::array();
  const Json of_graph = signature();
  for (const Json& spec : of_graph["input_specs"]) {
    const bool is_parameter = spec.contains("parameter");
    graph_inputs.push_back(is_parameter ? tensor(spec["parameter"]["arg"]["name"]) : spec["user_input"]["arg"]);
  }
  for (const auto& [name, value] : outputs_) {
    graph_outputs.push_back(tensor(value.name));
    names.push_back(name);
  }
  for (const Value& input : inputs_) argument_names.push_back(input.name);
  const Json arguments =
      Json::array({tree("builtins.tuple", "null", leaves(inputs_.size())), tree("builtins.dict", "[]", Json::array())});
  const Json call = {{"inputs", Json::array()},
                     {"outputs", Json::array()},
                     {"in_spec", tree_text(tree("builtins.tuple", "null", arguments))},
                     {"out_spec", tree_text(tree("builtins.dict", names.dump(), leaves(outputs_.size())))},
                     {"forward_arg_names", argument_names}};
  const Json graph = {{"inputs", graph_inputs},
                      {"outputs", graph_outputs},
                      {"nodes", nodes_},
                      {"tensor_values", tensor_values_},
                      {"sym_int_values", size_values_},
                      {"sym_bool_values", Json::object()},
                      {"is_single_tensor_return", false},
                      {"custom_obj_values", Json::object()},
                      {"sym_float_values", Json::object()}};
  return {{"graph_module",
           {{"graph", graph},
            {"signature", of_graph},
            {"module_call_graph", Json::array({{{"fqn", ""}, {"signature", call}}})},
            {"metadata", Json::object()},
            {"treespec_namedtuple_fields", Json::object()}}},
          {"opset_version", {{"aten", 10}}},
          {"range_constraints", torch_range_constraints(inputs_, max_length_)},
          {"schema_version", {{"major", 8}, {"minor", 17}}},
          {"verifiers", Json::array({"TRAINING"})},
          {"torch_version", "2.11.0"},
          {"guards_code", Json::array()}};
}

void TorchExportGraph::write(const std::filesystem::path& path) const {
  std::vector<ExportedTensor> tensors;
  for (const std::string& name : parameters_) {
    const Weight& weight = weights_.at(name);
    const Shape shape(weight.shape.begin(), weight.shape.end());
    tensors.push_back({name, torch_metadata(ElementType::kFloat, shape).dump(), true, std::as_bytes(weight.values)});
  }
  std::vector<SampleInput> sample;
  for (const Value& input : inputs_) {
    SampleInput made;
    std::int64_t size = 1;
    for (const Dim& dim : input.shape) {
      made.shape.push_back(sample_extent(dim));
      size *= made.shape.back();
    }
    made.values.assign(static_cast<std::size_t>(size), input.name == "attention_mask" ? 1 : 0);
    sample.push_back(std::move(made));
  }
  write_torch_export(path, model().dump(), tensors, sample);
}

}  // namespace albert::interop
