#pragma once

#include <string_view>

namespace albert::model {

/// The type of the matrix products and of the activations between them. Parameters, gradients, layer norm statistics,
/// softmax and losses are float32 in all of them.
///
/// kInt8 is for prediction on a CPU only: the linear layers multiply bytes (ops/panel_linear.h); attention and what else
/// lies between them is in bfloat16 where the program has loops for it, else in float32.
enum class Precision { kFloat32, kBFloat16, kInt8 };

/// "float32", "bfloat16" or "int8", as options and files say it.
std::string_view name_of(Precision precision);

}  // namespace albert::model
