// Times the operations of an ALBERT layer, forward and backward, in their plain and fast forms, alternating, and a
// whole encoder of the fast ones beside its matrix products alone.
//
//   bench_ops [sequences] [length] [dropout] [float32|bfloat16]      (default 8 128 0 bfloat16, ALBERT-base)
#include "ops/ops.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "ops/fast.h"
#include "ops/kernels/kernels.h"
#include "ops/memory.h"
#include "ops/panel_linear.h"
#include "ops/plain.h"

namespace albert::ops {

namespace {

constexpr std::int64_t kHidden = 768, kInner = 3072, kHeads = 12, kVocabulary = 30000;
constexpr int kLayers = 12, kRepeats = 9;

struct Setting {
  std::int64_t sequences = 8, length = 128;
  double dropout = 0;
  at::ScalarType type = at::kBFloat16;

  std::int64_t rows() const { return sequences * length; }
  Offsets offsets() const {
    Offsets result;
    for (std::int64_t b = 0; b <= sequences; ++b) result.push_back(b * length);
    return result;
  }
  Dropout site(std::uint64_t key) const { return {dropout, key, at::arange(rows())}; }
  at::Tensor activations(std::int64_t columns) const {
    return at::randn({rows(), columns}).to(type).requires_grad_(true);
  }
  Weight weight(std::int64_t out, std::int64_t in) const {
    const at::Tensor master = (at::randn({out, in}) * 0.02).requires_grad_(true);
    return {master, master.detach().to(type)};
  }
};

double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// The quickest of several runs of each, taken in turns so that a busy minute hits all.
std::vector<double> quickest(const std::vector<std::function<void()>>& works, int repeats = kRepeats) {
  std::vector<double> best(works.size(), 1e9);
  for (int i = 0; i <= repeats; ++i) {
    for (std::size_t w = 0; w < works.size(); ++w) {
      const double time = seconds(works[w]);
      if (i > 0) best[w] = std::min(best[w], time);
    }
  }
  return best;
}

using Call = std::function<at::Tensor()>;

void compare(const char* name, const Call& plain_call, const Call& fast_call) {
  const auto both = [](const Call& call) {
    return [call] {
      const at::Tensor y = call();
      y.backward(at::ones_like(y));
    };
  };
  const auto only = [](const Call& call) {
    return [call] {
      const at::NoGradGuard no_gradient;
      call();
    };
  };
  const auto t = quickest({both(plain_call), both(fast_call), only(plain_call), only(fast_call)});
  std::printf("%-22s plain %7.2f ms (forward %6.2f)   fast %7.2f ms (forward %6.2f)\n", name, t[0] * 1e3, t[2] * 1e3,
              t[1] * 1e3, t[3] * 1e3);
}

void compare_operations(const Setting& s) {
  const at::Tensor x = s.activations(kHidden), y = s.activations(kHidden), z = s.activations(kHidden);
  const at::Tensor gamma = at::ones({kHidden}).requires_grad_(true), beta = at::zeros({kHidden}).requires_grad_(true);
  const at::Tensor bias = at::zeros({kHidden}).requires_grad_(true),
                   inner_bias = at::zeros({kInner}).requires_grad_(true);
  const Weight square = s.weight(kHidden, kHidden), inner = s.weight(kInner, kHidden);
  const Offsets offsets = s.offsets();
  const Dropout site = s.site(7);
  compare(
      "linear", [&] { return plain::linear(x, square, bias); }, [&] { return linear(x, square, bias); });
  compare(
      "linear_activation", [&] { return plain::linear_activation(x, inner, inner_bias, Activation::kGeluTanh); },
      [&] { return fast::linear_activation(x, inner, inner_bias, Activation::kGeluTanh); });
  compare(
      "residual_layer_norm", [&] { return plain::residual_layer_norm(x, y, site, gamma, beta, 1e-12); },
      [&] { return fast::residual_layer_norm(x, y, site, gamma, beta, 1e-12); });
  compare(
      "attention", [&] { return plain::attention(x, y, z, offsets, offsets, kHeads, site); },
      [&] { return fast::attention(x, y, z, offsets, offsets, kHeads, site); });
  const std::int64_t predictions = s.rows() * 15 / 100;
  const at::Tensor logits = at::randn({predictions, kVocabulary}).to(s.type).requires_grad_(true);
  const at::Tensor labels = at::randint(kVocabulary, {predictions}, at::kLong);
  compare(
      "cross_entropy_sum", [&] { return plain::cross_entropy_sum(logits, labels); },
      [&] { return fast::cross_entropy_sum(logits, labels); });
}

/// The products of prediction: LibTorch's, and the kernels for panels in the same type and in bytes, the rounding of the rows
/// included; where the processor has tiles, also without them.
void compare_products(const Setting& s) {
  using kernels::InstructionSet;
  if (!has_panels(s.type, kHidden)) return;
  const at::NoGradGuard no_gradient;
  for (const auto& [in, out] : {std::pair{kHidden, kHidden}, std::pair{kHidden, kInner}, std::pair{kInner, kHidden}}) {
    const at::Tensor x = s.activations(in), bias = at::zeros({out});
    const Weight weight = s.weight(out, in);
    const Panels panels = make_panels(weight.master, s.type);
    const Panels bytes = make_int8_panels(weight.master);
    const auto with = [](InstructionSet set, const auto& work) {
      return [set, &work] {
        kernels::use_instruction_set(std::min(set, kernels::best_instruction_set()));
        work();
      };
    };
    const auto in_type = [&] { panel_linear(x, panels, bias); };
    const auto in_bytes = [&] { int8_linear(round_rows(x), bytes, bias); };
    const auto t = quickest(
        {[&] { linear(x, weight, bias); }, with(InstructionSet::kAmx, in_type), with(InstructionSet::kAmx, in_bytes),
         with(InstructionSet::kAvx512, in_type), with(InstructionSet::kAvx512, in_bytes)},
        30);
    kernels::use_instruction_set(kernels::best_instruction_set());
    const auto speed = [&](double time) { return 2e-9 * static_cast<double>(s.rows() * in * out) / time; };
    std::printf(
        "[%ld, %ld] to %ld: LibTorch %5.0f, panels %5.0f, bytes %5.0f, without tiles %5.0f and %5.0f billion "
        "operations a second\n",
        s.rows(), in, out, speed(t[0]), speed(t[1]), speed(t[2]), speed(t[3]), speed(t[4]));
  }
}

/// Gradients of weights: LibTorch's product and a sum after it, and both in one.
void compare_weight_gradients(const Setting& s) {
  const at::NoGradGuard no_gradient;
  for (const auto& [in, out] : {std::pair{kHidden, kHidden}, std::pair{kHidden, kInner}, std::pair{kInner, kHidden}}) {
    const at::Tensor x = s.activations(in), grad = s.activations(out), sum = at::zeros({out, in});
    if (!fast::adds_weight_gradients(grad, x)) return;
    const auto t = quickest({[&] { at::mm(grad.t(), x); }, [&] { sum.add_(at::mm(grad.t(), x).to(at::kFloat)); },
                             [&] { fast::add_weight_gradient(grad, x, sum, true); }},
                            30);
    std::printf("gradient of [%ld, %ld] by %ld rows: product %.2f ms, with a sum after it %.2f ms, in one %.2f ms\n",
                out, in, s.rows(), t[0] * 1e3, t[1] * 1e3, t[2] * 1e3);
  }
}

/// The weights of the one layer that ALBERT repeats.
struct Layer {
  explicit Layer(const Setting& s)
      : query(s.weight(kHidden, kHidden)),
        key(s.weight(kHidden, kHidden)),
        value(s.weight(kHidden, kHidden)),
        dense(s.weight(kHidden, kHidden)),
        up(s.weight(kInner, kHidden)),
        down(s.weight(kHidden, kInner)),
        bias(at::zeros({kHidden}).requires_grad_(true)),
        inner_bias(at::zeros({kInner}).requires_grad_(true)),
        gamma(at::ones({kHidden}).requires_grad_(true)),
        beta(at::zeros({kHidden}).requires_grad_(true)) {}

  at::Tensor forward(const at::Tensor& x, const Setting& s, const Offsets& offsets, std::uint64_t key_base) const {
    const at::Tensor context = attention(linear(x, query, bias), linear(x, key, bias), linear(x, value, bias), offsets,
                                         offsets, kHeads, s.site(key_base));
    const at::Tensor middle =
        residual_layer_norm(linear(context, dense, bias), x, s.site(key_base + 1), gamma, beta, 1e-12);
    const at::Tensor inner = linear_activation(middle, up, inner_bias, Activation::kGeluTanh);
    return residual_layer_norm(linear(inner, down, bias), middle, s.site(key_base + 2), gamma, beta, 1e-12);
  }

  Weight query, key, value, dense, up, down;
  at::Tensor bias, inner_bias, gamma, beta;
};

void encoder(const Setting& s) {
  const Layer layer(s);
  const Offsets offsets = s.offsets();
  const at::Tensor input = s.activations(kHidden);
  const auto whole = [&] {
    at::Tensor x = input;
    for (int i = 0; i < kLayers; ++i) x = layer.forward(x, s, offsets, static_cast<std::uint64_t>(i) * 3);
    x.backward(at::ones_like(x));
  };
  const auto products = [&] {
    const at::NoGradGuard no_gradient;
    const at::Tensor narrow = input.detach(), wide = at::ones({s.rows(), kInner}, narrow.options());
    for (int i = 0; i < kLayers; ++i) {
      for (int j = 0; j < 4; ++j) {
        at::mm(narrow, layer.query.compute.t());
        at::mm(narrow, layer.query.compute);
        at::mm(narrow.t(), narrow);
      }
      at::mm(narrow, layer.up.compute.t());
      at::mm(wide, layer.up.compute);
      at::mm(wide.t(), narrow);
      at::mm(wide, layer.down.compute.t());
      at::mm(narrow, layer.down.compute);
      at::mm(narrow.t(), wide);
    }
  };
  const auto t = quickest({whole, products}, 3);
  std::printf("%d layers, forward and backward: %.3f s, of which matrix products alone take %.3f s\n", kLayers, t[0],
              t[1]);
}

void measure(int argc, char** argv) {
  Setting s;
  if (argc > 1) s.sequences = std::stol(argv[1]);
  if (argc > 2) s.length = std::stol(argv[2]);
  if (argc > 3) s.dropout = std::stod(argv[3]);
  if (argc > 4 && std::string(argv[4]) == "float32") s.type = at::kFloat;
  set_up_memory();
  at::manual_seed(1);
  compare_products(s);
  compare_weight_gradients(s);
  compare_operations(s);
  encoder(s);
}

}  // namespace

}  // namespace albert::ops

int main(int argc, char** argv) {
  albert::ops::measure(argc, argv);
}
