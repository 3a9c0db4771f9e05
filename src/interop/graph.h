#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model/config.h"

namespace albert::interop {

/// An extent of a tensor: a number, or what follows from those that whoever runs the graph chooses.
struct Dim {
  enum class Kind {
    kFixed,    ///< a number
    kChosen,   ///< "batch_size"
    kProduct,  ///< of two that are chosen
    kAtMost,   ///< one that is chosen, but at most a number
  };

  // NOLINTBEGIN(google-explicit-constructor): shapes are lists of numbers and names.
  Dim(std::int64_t fixed) : size(fixed) {}
  Dim(std::string chosen) : kind(Kind::kChosen), name(std::move(chosen)) {}
  Dim(const char* chosen) : kind(Kind::kChosen), name(chosen) {}
  // NOLINTEND(google-explicit-constructor)
  static Dim product(const Dim& a, const Dim& b);
  static Dim at_most(std::int64_t most, const Dim& chosen, std::string name);

  bool is_fixed() const { return kind == Kind::kFixed; }
  bool operator==(const Dim&) const = default;

  Kind kind = Kind::kFixed;
  std::int64_t size = 0;        ///< of kFixed the extent, of kAtMost the number
  std::string name;             ///< for people and for formats; empty for kFixed
  std::vector<std::string> of;  ///< of kProduct and kAtMost: the names of those that are chosen
};

using Shape = std::vector<Dim>;

enum class ElementType {
  kInt64,
  kBool,
  kFloat,    ///< float32
  kCompute,  ///< what the graph computes in, float32 or float16
};

/// A tensor of a graph.
struct Value {
  std::string name;
  ElementType type = ElementType::kCompute;
  Shape shape;
};

/// A parameter in memory, in rows. It must outlive the graph that is made of it.
struct Weight {
  std::vector<std::int64_t> shape;
  std::span<const float> values;
};

/// By Hugging Face's names.
using Weights = std::map<std::string, Weight>;

/// What a graph for another runtime is put together with: the operations that an ALBERT over padded batches is made of.
/// Each runtime's format is one implementation. Shapes are written as in padded_model.h. The operations do what
/// PyTorch's of the same names do, with its rules for broadcasting.
class GraphBuilder {
 public:
  virtual ~GraphBuilder() = default;

  /// The part of the model that follows, for the names of what is made: "encoder.layer.3".
  virtual void begin_part(const std::string& name) = 0;

  /// An int64 tensor that whoever runs the graph gives.
  virtual Value input(const std::string& name, const Shape& shape) = 0;
  /// What they get under a name. Each is float32 or int64.
  virtual void output(const std::string& name, const Value& value) = 0;

  // What has parameters. Names are those of parameters, an empty one is none.

  /// The rows of a table: ids [...] -> [..., E]
  virtual Value embedding(const std::string& table, const Value& ids) = 0;
  /// As many of a table's first rows as `like` [B, L, ...] has columns: [L, E]
  virtual Value leading_rows(const std::string& table, const Value& like) = 0;
  /// x [..., in] -> x W^T + b [..., out], W [out, in]. May be computed with less precision, as the graph says.
  virtual Value linear(const Value& x, const std::string& weight, const std::string& bias) = 0;
  /// linear() whose matrix is a table of embedding(), which is kept once.
  virtual Value tied_linear(const Value& x, const std::string& table, const std::string& bias) = 0;
  /// linear() in float32 whatever the graph computes in: the last product of a head.
  virtual Value score_layer(const Value& x, const std::string& weight, const std::string& bias) = 0;
  virtual Value layer_norm(const Value& x, const std::string& weight, const std::string& bias, double epsilon) = 0;

  // What has none.

  virtual Value add(const Value& a, const Value& b) = 0;
  virtual Value multiply(const Value& a, const Value& b) = 0;
  virtual Value divide(const Value& a, const Value& b) = 0;  ///< by a tensor or a number; a is a tensor
  virtual Value number(double value, ElementType type) = 0;  ///< []
  virtual Value activation(const Value& x, model::HiddenActivation activation) = 0;
  virtual Value tanh(const Value& x) = 0;
  virtual Value softmax(const Value& x) = 0;  ///< over the last axis
  virtual Value matmul(const Value& a, const Value& b) = 0;
  virtual Value sum(const Value& x, std::int64_t axis, bool keeps_axis) = 0;
  virtual Value l2_norm(const Value& x) = 0;  ///< of the last axis, which is kept
  virtual Value maximum(const Value& a, const Value& b) = 0;
  virtual Value cast(const Value& x, ElementType type) = 0;
  /// Multi-head attention: softmax(q k^T / sqrt(H / N) + bias) v.
  /// \param query, key, value [B, L, H]
  /// \param bias [B, 1, 1, L]
  virtual Value attention(const Value& query, const Value& key, const Value& value, const Value& bias,
                          std::int64_t num_heads) = 0;

  virtual Value equal(const Value& a, const Value& b) = 0;
  virtual Value logical_and(const Value& a, const Value& b) = 0;
  virtual Value logical_or(const Value& a, const Value& b) = 0;
  virtual Value where(const Value& condition, const Value& a, const Value& b) = 0;

  virtual Value unsqueeze(const Value& x, std::int64_t axis) = 0;
  virtual Value squeeze(const Value& x, std::int64_t axis) = 0;
  virtual Value select(const Value& x, std::int64_t axis, std::int64_t index) = 0;
  virtual Value concatenate(const Value& a, const Value& b) = 0;  ///< along the last axis
  /// The rows of each sequence that are asked for: x [B, L, H], positions [B, P] -> [B, P, H]
  virtual Value select_tokens(const Value& x, const Value& positions) = 0;
  /// 0, 1 ... for the columns of `like` [B, L]: int64 [L]
  virtual Value column_numbers(const Value& like, std::int64_t largest_length) = 0;
  /// Where the k largest are, the largest first and of equals the earlier: x [B, L] -> int64 [B, min(k, L)]
  virtual Value top_positions(const Value& x, std::int64_t k) = 0;
  /// [B, C, L] -> [B C, L]
  virtual Value flatten_choices(const Value& x) = 0;
  /// [B C, 1] -> [B, C], as `like` [B, C, L] has them
  virtual Value unflatten_choices(const Value& x, const Value& like) = 0;
};

}  // namespace albert::interop
