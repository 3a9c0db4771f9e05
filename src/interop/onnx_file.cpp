#include "interop/onnx_file.h"

#include <limits>

#include "base/error.h"
#include "base/file.h"
#include "base/protobuf.h"

namespace albert::interop {

namespace {

constexpr std::int64_t kIrVersion = 8;
/// The first set with LayerNormalization, which every runtime of today knows.
constexpr std::int64_t kOperatorSet = 17;

// Fields of the messages, by their numbers in onnx.proto.
namespace model_field {
enum : std::uint32_t { kIrVersion = 1, kProducerName = 2, kGraph = 7, kOperatorSets = 8 };
}
namespace graph_field {
enum : std::uint32_t { kNode = 1, kName = 2, kInitializer = 5, kInput = 11, kOutput = 12 };
}
namespace node_field {
enum : std::uint32_t { kInput = 1, kOutput = 2, kName = 3, kOp = 4, kAttribute = 5 };
}
namespace attribute_field {
enum : std::uint32_t { kName = 1, kReal = 2, kInteger = 3, kIntegers = 8, kType = 20 };
}
namespace tensor_field {
enum : std::uint32_t { kShape = 1, kType = 2, kName = 8, kBytes = 9 };
}

enum class AttributeType { kReal = 1, kInteger = 2, kIntegers = 7 };

ProtobufWriter port_message(const OnnxPort& port) {
  ProtobufWriter shape, tensor, type, message;
  for (const Dim& dim : port.shape) {
    ProtobufWriter extent;
    if (dim.is_fixed()) {
      extent.add_integer(1, dim.size);
    } else {
      extent.add_bytes(2, dim.name);
    }
    shape.add_message(1, extent);
  }
  tensor.add_integer(1, static_cast<std::int64_t>(port.type));
  tensor.add_message(2, shape);
  type.add_message(1, tensor);
  message.add_bytes(1, port.name);
  message.add_message(2, type);
  return message;
}

ProtobufWriter node_message(const OnnxNode& node) {
  ProtobufWriter message;
  for (const std::string& input : node.inputs) message.add_bytes(node_field::kInput, input);
  for (const std::string& output : node.outputs) message.add_bytes(node_field::kOutput, output);
  message.add_bytes(node_field::kName, node.name);
  message.add_bytes(node_field::kOp, node.op);
  for (const OnnxAttribute& attribute : node.attributes) {
    message.add_bytes(node_field::kAttribute, attribute.message());
  }
  return message;
}

/// What stands before the bytes of a tensor, its own tag in the graph and its length included: the bytes are not copied
/// into a message, since a model has many.
std::string tensor_head(const OnnxTensor& tensor) {
  ProtobufWriter message;
  for (const std::int64_t extent : tensor.shape) message.add_integer(tensor_field::kShape, extent);
  message.add_integer(tensor_field::kType, static_cast<std::int64_t>(tensor.type));
  message.add_bytes(tensor_field::kName, tensor.name);
  message.begin_bytes(tensor_field::kBytes, tensor.bytes.size());
  ProtobufWriter in_graph;
  in_graph.begin_bytes(graph_field::kInitializer, message.bytes().size() + tensor.bytes.size());
  return in_graph.bytes() + message.bytes();
}

/// The graph but for its constants.
std::string graph_without_constants(const OnnxModel& model) {
  ProtobufWriter graph;
  graph.add_bytes(graph_field::kName, "albert");
  for (const OnnxNode& node : model.nodes) graph.add_message(graph_field::kNode, node_message(node));
  for (const OnnxPort& input : model.inputs) graph.add_message(graph_field::kInput, port_message(input));
  for (const OnnxPort& output : model.outputs) graph.add_message(graph_field::kOutput, port_message(output));
  return graph.bytes();
}

std::string model_head(std::size_t graph_bytes) {
  ProtobufWriter head;
  head.add_integer(model_field::kIrVersion, kIrVersion);
  head.add_bytes(model_field::kProducerName, "albert.cpp");
  ProtobufWriter operators;
  operators.add_bytes(1, "");
  operators.add_integer(2, kOperatorSet);
  head.add_message(model_field::kOperatorSets, operators);
  head.begin_bytes(model_field::kGraph, graph_bytes);
  return head.bytes();
}

}  // namespace

OnnxAttribute OnnxAttribute::integer(std::string_view name, std::int64_t value) {
  ProtobufWriter message;
  message.add_bytes(attribute_field::kName, name);
  message.add_integer(attribute_field::kInteger, value);
  message.add_integer(attribute_field::kType, static_cast<int>(AttributeType::kInteger));
  return OnnxAttribute(message.bytes());
}

OnnxAttribute OnnxAttribute::integers(std::string_view name, const std::vector<std::int64_t>& values) {
  ProtobufWriter message;
  message.add_bytes(attribute_field::kName, name);
  for (const std::int64_t value : values) message.add_integer(attribute_field::kIntegers, value);
  message.add_integer(attribute_field::kType, static_cast<int>(AttributeType::kIntegers));
  return OnnxAttribute(message.bytes());
}

OnnxAttribute OnnxAttribute::real(std::string_view name, float value) {
  ProtobufWriter message;
  message.add_bytes(attribute_field::kName, name);
  message.add_float(attribute_field::kReal, value);
  message.add_integer(attribute_field::kType, static_cast<int>(AttributeType::kReal));
  return OnnxAttribute(message.bytes());
}

void OnnxModel::write(const std::filesystem::path& path) const {
  const std::string graph = graph_without_constants(*this);
  std::size_t size = graph.size();
  std::vector<std::string> heads;
  for (const OnnxTensor& tensor : constants) {
    heads.push_back(tensor_head(tensor));
    size += heads.back().size() + tensor.bytes.size();
  }
  const std::string head = model_head(size);
  constexpr std::size_t kMaxBytes = std::numeric_limits<std::int32_t>::max();
  if (head.size() + size > kMaxBytes) {
    throw ModelError(
        "{}: an ONNX file has at most {} bytes, this model needs {}: export it with --precision float16 or --int8",
        path.string(), kMaxBytes, head.size() + size);
  }
  FileWriter file(path);
  file.write(head);
  file.write(graph);
  for (std::size_t i = 0; i < constants.size(); ++i) {
    file.write(heads[i]);
    file.write(constants[i].bytes);
  }
  file.close();
}

}  // namespace albert::interop
