#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "interop/graph.h"

namespace albert::interop {

/// Element types by their numbers in ONNX (onnx.proto, TensorProto.DataType).
enum class OnnxType : std::int32_t {
  kFloat = 1,
  kUInt8 = 2,
  kInt8 = 3,
  kInt32 = 6,
  kInt64 = 7,
  kBool = 9,
  kFloat16 = 10,
};

/// An attribute of a node: a number or several whole numbers.
class OnnxAttribute {
 public:
  static OnnxAttribute integer(std::string_view name, std::int64_t value);
  static OnnxAttribute integers(std::string_view name, const std::vector<std::int64_t>& values);
  static OnnxAttribute real(std::string_view name, float value);

  const std::string& message() const { return message_; }  ///< AttributeProto

 private:
  explicit OnnxAttribute(std::string message) : message_(std::move(message)) {}

  std::string message_;
};

/// One application of an operator.
struct OnnxNode {
  std::string name;
  std::string op;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  std::vector<OnnxAttribute> attributes = {};
};

/// A constant tensor of the graph.
struct OnnxTensor {
  std::string name;
  OnnxType type = OnnxType::kFloat;
  std::vector<std::int64_t> shape;
  std::string bytes;  ///< in rows, little-endian
};

/// What a graph takes or gives.
struct OnnxPort {
  std::string name;
  OnnxType type = OnnxType::kFloat;
  Shape shape;
};

/// An ONNX model of one graph, in operators of the standard set alone (https://onnx.ai/onnx/repo-docs/IR.html).
struct OnnxModel {
  std::vector<OnnxNode> nodes;        ///< each behind those that it reads from
  std::vector<OnnxTensor> constants;  ///< the initializers
  std::vector<OnnxPort> inputs;
  std::vector<OnnxPort> outputs;

  /// Throws ModelError for more than the 2 GiB that protobuf allows, IoError where it cannot be written.
  void write(const std::filesystem::path& path) const;
};

}  // namespace albert::interop
