#pragma once

#include <map>
#include <string>

#include "interop/onnx_graph.h"

namespace albert::interop {

/// What the scales of an int8 constant are called behind its name.
inline constexpr const char* kScaleSuffix = ".scale";

/// Builds a graph whose matrices and tables are int8. A table [rows, columns] has scales [rows, 1], a matrix [in, out]
/// scales [out]. What a matrix is multiplied with becomes uint8 when it is computed, by its own range
/// (DynamicQuantizeLinear). All else is float32, also the last products of heads.
class OnnxInt8Graph : public OnnxGraph {
 public:
  /// \param weights outlives the object
  /// \param largest see quantize_rows()
  explicit OnnxInt8Graph(const Weights& weights, int largest = 127)
      : OnnxGraph(weights, OnnxPrecision::kFloat32), largest_(largest) {}

  Value embedding(const std::string& table, const Value& ids) override;
  Value leading_rows(const std::string& table, const Value& like) override;
  Value linear(const Value& x, const std::string& weight, const std::string& bias) override;
  Value tied_linear(const Value& x, const std::string& table, const std::string& bias) override;

 private:
  /// A tensor as DynamicQuantizeLinear makes it.
  struct Quantized {
    std::string values;
    std::string scale;
    std::string zero_point;
  };
  /// The names of an int8 constant and of its scales.
  struct Int8 {
    std::string values;
    std::string scales;
  };

  Int8 int8_table(const std::string& name);
  Int8 int8_matrix(const std::string& name);
  const Quantized& quantize(const Value& x);
  /// x times an int8 matrix [in, out] with scales [out].
  Value product(const Value& x, const Int8& matrix, std::int64_t num_outputs);
  /// The rows of an int8 table that an operator takes from it and from its scales.
  Value scaled_rows(const Int8& rows, Shape shape);
  std::string to_float(const std::string& whole);

  int largest_;
  std::map<std::string, Quantized> quantized_;  ///< by the name of the tensor
};

}  // namespace albert::interop
