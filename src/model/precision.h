#pragma once

#include <c10/core/ScalarType.h>

namespace albert::model {

/// The type of the matrix products and of the activations between them. Parameters, gradients, layer norm statistics,
/// softmax and losses are float32 in both.
enum class Precision { kFloat32, kBFloat16 };

inline c10::ScalarType scalar_type(Precision precision) {
  return precision == Precision::kBFloat16 ? c10::ScalarType::BFloat16 : c10::ScalarType::Float;
}

}  // namespace albert::model
