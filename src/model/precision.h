#pragma once

namespace albert::model {

/// The type of the matrix products and of the activations between them. Parameters, gradients, layer norm statistics,
/// softmax and losses are float32 in both.
enum class Precision { kFloat32, kBFloat16 };

}  // namespace albert::model
