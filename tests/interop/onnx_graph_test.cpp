#include "interop/onnx_graph.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "base/protobuf.h"
#include "interop/onnx_int8_graph.h"
#include "interop/padded_model.h"
#include "interop/torch_export_graph.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"

namespace albert::interop {
namespace {

using ::testing::ElementsAre;

/// Two layers that share the parameters of one, for a classifier; all parameters are 0.5.
class TinyModel {
 public:
  TinyModel() {
    model_.config.vocab_size = 6;
    model_.config.embedding_size = 2;
    model_.config.hidden_size = 4;
    model_.config.num_hidden_layers = 2;
    model_.config.num_attention_heads = 2;
    model_.config.intermediate_size = 8;
    model_.config.max_position_embeddings = 3;
    model_.head = GraphHead::kTask;
    const std::string layer = "albert.encoder.albert_layer_groups.0.albert_layers.0.";
    add("albert.embeddings.word_embeddings.weight", {6, 2});
    add("albert.embeddings.position_embeddings.weight", {3, 2});
    add("albert.embeddings.token_type_embeddings.weight", {2, 2});
    add_norm("albert.embeddings.LayerNorm", 2);
    add_linear("albert.encoder.embedding_hidden_mapping_in", 2, 4);
    for (const char* part : {"query", "key", "value", "dense"}) add_linear(layer + "attention." + part, 4, 4);
    add_norm(layer + "attention.LayerNorm", 4);
    add_linear(layer + "ffn", 4, 8);
    add_linear(layer + "ffn_output", 8, 4);
    add_norm(layer + "full_layer_layer_norm", 4);
    add_linear("albert.pooler", 4, 4);
    add_linear("classifier", 4, 2);
  }

  OnnxModel make(OnnxPrecision precision) const { return describe_in(OnnxGraph(weights_, precision)); }
  OnnxModel make_int8() const { return describe_in(OnnxInt8Graph(weights_)); }
  const Weights& weights() const { return weights_; }
  void drop(const std::string& name) { weights_.erase(name); }

 private:
  template <typename Graph>
  OnnxModel describe_in(Graph graph) const {
    describe(model_, graph);
    return graph.take_model();
  }
  void add(const std::string& name, std::vector<std::int64_t> shape) {
    std::size_t size = 1;
    for (const std::int64_t extent : shape) size *= static_cast<std::size_t>(extent);
    values_.emplace_back(size, 0.5F);
    weights_.emplace(name, Weight{std::move(shape), values_.back()});
  }
  void add_linear(const std::string& name, std::int64_t in, std::int64_t out) {
    add(name + ".weight", {out, in});
    add(name + ".bias", {out});
  }
  void add_norm(const std::string& name, std::int64_t size) {
    add(name + ".weight", {size});
    add(name + ".bias", {size});
  }

  PaddedModel model_;
  std::vector<std::vector<float>> values_ = [] {
    std::vector<std::vector<float>> room;
    room.reserve(64);  // spans stay valid
    return room;
  }();
  Weights weights_;
};

TEST(OnnxGraph, SharedMatricesAreStoredOnce) {
  const OnnxModel model = TinyModel().make(OnnxPrecision::kFloat32);
  const std::string query = "albert.encoder.albert_layer_groups.0.albert_layers.0.attention.query.weight";
  EXPECT_EQ(std::ranges::count(model.constants, query, &OnnxTensor::name), 1);
  EXPECT_EQ(std::ranges::count_if(model.nodes,
                                  [&](const OnnxNode& node) { return node.op == "MatMul" && node.inputs[1] == query; }),
            2);
}

TEST(OnnxGraph, Int8HasNoMatrixInFloatButThatOfTheHead) {
  const OnnxModel model = TinyModel().make_int8();
  for (const OnnxTensor& constant : model.constants) {
    const bool is_matrix = constant.shape.size() == 2 && !constant.name.ends_with(".scale");
    if (!is_matrix) continue;
    EXPECT_EQ(constant.type == OnnxType::kInt8, constant.name != "classifier.weight") << constant.name;
  }
  // Query, key and value read one rounded tensor.
  EXPECT_EQ(std::ranges::count(model.nodes, "DynamicQuantizeLinear", &OnnxNode::op), 2 * 4 + 2);
  EXPECT_EQ(std::ranges::count(model.nodes, "MatMulInteger", &OnnxNode::op), 2 * 6 + 2);
}

TEST(OnnxGraph, Float16KeepsASecondFormOfWhatItComputesInFloat32) {
  const TinyModel tiny;
  OnnxGraph graph(tiny.weights(), OnnxPrecision::kFloat16);
  const Value ids = graph.input("input_ids", {"batch_size", "sequence_length"});
  const Value words = graph.embedding("albert.embeddings.word_embeddings.weight", ids);
  const std::string mapping = "albert.encoder.embedding_hidden_mapping_in";
  graph.linear(words, mapping + ".weight", mapping + ".bias");
  graph.output("scores", graph.score_layer(words, mapping + ".weight", mapping + ".bias"));
  std::map<std::string, OnnxType> types;
  const OnnxModel model = graph.take_model();
  for (const OnnxTensor& constant : model.constants) types[constant.name] = constant.type;
  EXPECT_EQ(types[mapping + ".weight"], OnnxType::kFloat16);
  EXPECT_EQ(types[mapping + ".weight.float32"], OnnxType::kFloat);
}

TEST(TorchExportGraph, ANumberIsNotDivided) {
  const TinyModel tiny;
  TorchExportGraph graph(tiny.weights(), 3);
  const Value x = graph.input("x", {"batch_size", 2});
  const Value two = graph.number(2, ElementType::kFloat);
  EXPECT_EQ(graph.divide(x, two).shape, x.shape);
  EXPECT_EQ(graph.multiply(two, x).shape, x.shape);
  EXPECT_THAT(testing::refusal<InternalError>([&] { graph.divide(two, x); }),
              ::testing::HasSubstr("a number is divided"));
}

TEST(OnnxGraph, AParameterThatIsMissingIsNamed) {
  TinyModel model;
  model.drop("albert.pooler.bias");
  EXPECT_THAT(testing::refusal<InternalError>([&] { model.make(OnnxPrecision::kFloat32); }),
              ::testing::HasSubstr("no parameter albert.pooler.bias"));
}

TEST(OnnxModel, IsAMessageWithItsVersionAndGraph) {
  const testing::TemporaryFolder folder;
  TinyModel().make(OnnxPrecision::kFloat32).write(folder / "model.onnx");
  const std::string bytes = read_file(folder / "model.onnx");
  ProtobufReader reader(bytes);
  std::map<std::uint32_t, int> fields;
  while (reader.next()) {
    ++fields[reader.field()];
    if (reader.field() == 1) {
      EXPECT_EQ(reader.varint(), 8U);
    }
    if (reader.field() != 7) continue;
    ProtobufReader graph(reader.bytes());
    std::vector<std::string> outputs;
    while (graph.next()) {
      if (graph.field() != 12) continue;
      ProtobufReader output(graph.bytes());
      output.next();
      outputs.emplace_back(output.bytes());
    }
    EXPECT_THAT(outputs, ElementsAre("logits"));
  }
  EXPECT_EQ(fields, (std::map<std::uint32_t, int>{{1, 1}, {2, 1}, {7, 1}, {8, 1}}));
}

}  // namespace
}  // namespace albert::interop
