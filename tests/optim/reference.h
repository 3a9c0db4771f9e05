#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "optim/optimizer_config.h"

namespace albert::optim::testing {

/// One parameter with its state in float64, updated by the formulas written down one after the other; shares no code
/// with the library.
struct ReferenceParameter {
  std::vector<double> w;
  bool decayed = true;
  bool adapted = true;
  std::vector<double> m = std::vector<double>(w.size(), 0.0);
  std::vector<double> v = std::vector<double>(w.size(), 0.0);

  static double norm(const std::vector<double>& x) {
    double sum = 0;
    for (const double value : x) sum += value * value;
    return std::sqrt(sum);
  }

  /// \param t number of the update, from 1
  void update(const std::vector<double>& g, const OptimizerConfig& c, double rate, int t) {
    std::vector<double> u(w.size());
    for (std::size_t i = 0; i < w.size(); ++i) {
      m[i] = c.beta1 * m[i] + (1 - c.beta1) * g[i];
      v[i] = c.beta2 * v[i] + (1 - c.beta2) * g[i] * g[i];
      double mean = m[i];
      double square = v[i];
      if (c.bias_correction) {
        mean /= 1 - std::pow(c.beta1, t);
        square /= 1 - std::pow(c.beta2, t);
      }
      u[i] = mean / (std::sqrt(square) + c.epsilon);
      if (decayed) u[i] += c.weight_decay * w[i];
    }
    double ratio = 1;
    if (c.name == Rule::kLamb && adapted) {
      const double of_w = norm(w);
      const double of_u = norm(u);
      if (of_w > 0 && of_u > 0) ratio = of_w / of_u;
    }
    if (c.clip_update > 0) {
      double sum = 0;
      const double correction = c.bias_correction ? 1 - std::pow(c.beta2, t) : 1;
      for (std::size_t i = 0; i < w.size(); ++i)
        sum += g[i] * g[i] / std::max(v[i] / correction, c.epsilon * c.epsilon);
      ratio /= std::max(1.0, std::sqrt(sum / static_cast<double>(w.size())) / c.clip_update);
    }
    for (std::size_t i = 0; i < w.size(); ++i) w[i] -= rate * ratio * u[i];
  }
};

}  // namespace albert::optim::testing
