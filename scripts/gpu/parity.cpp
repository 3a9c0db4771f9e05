// Computes every operation, a model and the optimizers on a device and, in their plain forms, on the processor, and
// prints how far the two are apart: a line of JSON for each check. scripts/gpu/check.py reads them.
#include <cmath>
#include <cstdio>
#include <exception>
#include <iostream>

#include <ATen/ATen.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "model/compute.h"
#include "ops/cuda/kernels.h"
#include "parity_cases.h"

namespace albert::gpu {

namespace {

/// The largest difference that counts as equal, as a part of the norm. In bfloat16 the plain form rounds intermediate
/// results, 2^-9 each; a model rounds some dozens of them in a row, which takes gradients of the processor up to 0.074
/// away from those in float32.
struct Tolerances {
  double operation, model;
};

Tolerances tolerances(at::ScalarType type) {
  return type == at::kFloat ? Tolerances{1e-5, 1e-4} : Tolerances{1.5e-2, 0.12};
}

double distance(const at::Tensor& a, const at::Tensor& b, double floor = 0) {
  const auto wide = [](const at::Tensor& x) { return x.detach().to(at::kCPU, at::kDouble); };
  if (a.sizes() != b.sizes() || a.scalar_type() != b.scalar_type()) return INFINITY;
  const auto difference = (wide(a) - wide(b)).norm().item<double>();
  return difference == 0 ? 0 : difference / std::max(wide(b).norm().item<double>(), floor);
}

class Report {
 public:
  /// Prints the error that `measure` returns, or that it throws.
  void check(const std::string& name, double limit, const std::function<double()>& measure) {
    nlohmann::ordered_json line = {{"check", name}, {"limit", limit}};
    bool is_good = false;
    try {
      const double error = measure();
      is_good = error <= limit;  // false for NaN
      line["error"] = std::isfinite(error) ? nlohmann::json(error) : nlohmann::json(std::to_string(error));
    } catch (const std::exception& failure) {
      line["failure"] = std::string(failure.what()).substr(0, 300);
    }
    line["ok"] = is_good;
    failed_ = failed_ || !is_good;
    std::cout << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
  }

  bool failed() const { return failed_; }

 private:
  bool failed_ = false;
};

/// The value, and the gradients of a fixed weighted sum of it.
Tensors outcome_of(const std::function<at::Tensor(const Tensors&)>& operation, const Tensors& inputs,
                   at::Device device) {
  Tensors leaves;
  for (const at::Tensor& input : inputs)
    leaves.push_back(input.to(device).clone().requires_grad_(input.is_floating_point()));
  const at::Tensor value = operation(leaves);
  const at::Tensor weights = at::sin(at::arange(value.numel(), at::kFloat) + 0.5).view(value.sizes()).to(device);
  (value.to(at::kFloat) * weights).sum().backward();
  Tensors all = {value.detach()};
  for (const at::Tensor& leaf : leaves) {
    if (leaf.is_floating_point()) all.push_back(leaf.grad().defined() ? leaf.grad() : at::zeros_like(leaf));
  }
  return all;
}

/// The largest distance of the value, which comes first, and of each gradient. One that should vanish is held against the
/// largest of the others.
double largest_error(const Tensors& found, const Tensors& expected) {
  double largest = 0, worst = distance(found[0], expected[0]);
  for (std::size_t i = 1; i < expected.size(); ++i) largest = std::max(largest, expected[i].norm().item<double>());
  for (std::size_t i = 1; i < expected.size(); ++i) {
    const double error = distance(found[i], expected[i], 0.1 * largest);
    if (!(error <= worst)) worst = error;  // NaN stays
  }
  return worst;
}

const char* name_of(at::ScalarType type) {
  return type == at::kFloat ? "float32" : "bfloat16";
}

void check_type(Report& report, at::Device device, at::ScalarType type) {
  const Tolerances limits = tolerances(type);
  for (const Case& of : operation_cases(type)) {
    report.check(fmt::format("{}: {}", name_of(type), of.name), limits.operation, [&] {
      return largest_error(outcome_of(of.operation, of.inputs, device), outcome_of(of.reference, of.inputs, at::kCPU));
    });
  }
  for (const bool recompute : {false, true}) {
    report.check(fmt::format("{}: loss and gradients of a model{}", name_of(type), recompute ? ", recomputed" : ""),
                 limits.model, [&] {
                   return largest_error(model_outcome(device, type, recompute),
                                        model_outcome(at::kCPU, type, recompute));
                 });
  }
  report.check(fmt::format("{}: a recomputed layer drops the same", name_of(type)), limits.operation, [&] {
    return largest_error(model_outcome(device, type, true, 0.2), model_outcome(device, type, false, 0.2));
  });
  for (const auto& [name, head] : heads()) {
    report.check(
        fmt::format("{}: scores and gradients of the head for {}", name_of(type), name), limits.model,
        [&, &h = head] { return largest_error(head_outcome(h, device, type), head_outcome(h, at::kCPU, type)); });
  }
  report.check(fmt::format("{}: attention drops what it says (share kept)", name_of(type)), 0.01,
               [&] { return std::abs(kept_shares(device, type, 0).mean().item<double>() - 1); });
  report.check(fmt::format("{}: attention drops the same again", name_of(type)), 0,
               [&] { return distance(kept_shares(device, type, 0), kept_shares(device, type, 0)); });
}

int check(int argc, char** argv) {
  std::string device_name = "cuda";
  CLI::App app("Compares what a device computes with the plain forms on the processor");
  app.add_option("--device", device_name)->check(CLI::IsMember({"cuda", "cpu"}));
  CLI11_PARSE(app, argc, argv);
  const at::Device device(device_name == "cuda" ? at::kCUDA : at::kCPU);
  Report report;
  report.check("the program has kernels of its own for this device", 0,
               [&] { return device.is_cpu() || ops::cuda::device_kernels() ? 0.0 : 1.0; });
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) check_type(report, device, type);
  if (device.is_cuda()) {
    report.check("attention drops otherwise for another batch of an update", 0, [&] {
      return at::equal(kept_shares(device, at::kBFloat16, 0), kept_shares(device, at::kBFloat16, 8)) ? 1.0 : 0.0;
    });
  }
  for (const auto& [name, by_lamb, is_corrected] :
       {std::tuple("LAMB", true, false), {"AdamW", false, false}, {"AdamW, bias correction", false, true}}) {
    report.check(fmt::format("five updates by {}", name), 1e-6, [&, lamb = by_lamb, corrected = is_corrected] {
      return distance(updated_parameters(device, lamb, corrected), updated_parameters(at::kCPU, lamb, corrected));
    });
  }
  report.check("a step does not wait for the device", 0, [&] { return step_without_waiting(device) ? 0.0 : 1.0; });
  return report.failed() ? 1 : 0;
}

}  // namespace

}  // namespace albert::gpu

int main(int argc, char** argv) {
  return albert::gpu::check(argc, argv);
}
