#pragma once

namespace albert::ops {

enum class Activation { kGelu, kGeluTanh, kRelu };  ///< "gelu" (erf), "gelu_new" (tanh approximation), "relu"

}  // namespace albert::ops
