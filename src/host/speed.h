#pragma once

#include <chrono>

#include <c10/core/Device.h>

#include "host/facts.h"

namespace albert::host {

/// Measures the products that a Linear of ALBERT-base takes (768 -> 3072), as the model computes them, in float32,
/// bfloat16 and, on a CPU, int8 in turn, each as fast as it was once: what else runs on the machine slows some of them only.
/// \param time for all together, after the first product of each, which sets up more than it computes
Speed measure_products(c10::Device device, std::chrono::milliseconds time);

}  // namespace albert::host
