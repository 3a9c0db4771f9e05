#pragma once

namespace albert::parallel {

/// In which type gradients travel between the ranks.
enum class GradientType { kFloat32, kBFloat16 };

}  // namespace albert::parallel
