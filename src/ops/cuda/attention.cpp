#include <algorithm>
#include <mutex>
#include <tuple>

#include <ATen/Context.h>
#include <ATen/detail/CUDAHooksInterface.h>

#include "base/random.h"
#include "ops/cuda/forms.h"
#include "ops/plain.h"
#include "ops/to_device.h"

/// LibTorch's kernels for rows of sequences that lie end to end: FlashAttention in bfloat16 (Dao, arXiv 2307.08691), in
/// float32 the memory-efficient one (Rabe and Staats, arXiv 2112.05682). Autograd knows their backward passes.
namespace albert::ops::cuda {

namespace {

constexpr std::int64_t kMaxFlashHead = 256;  // elements; so much the kernels were compiled for
constexpr std::int64_t kNoMask = 0;          // of the memory-efficient kernel's kinds of masks

enum class Kernel { kFlash, kMemoryEfficient, kNone };

/// Both read 16 bytes of a head at once.
Kernel kernel_for(const at::Tensor& query, std::int64_t head_size) {
  const bool is_aligned = head_size * query.element_size() % 16 == 0;
  if (!is_aligned) return Kernel::kNone;
  if (query.scalar_type() == at::kFloat) return Kernel::kMemoryEfficient;
  // Compute capability 8.0 or later, see model::set_up_compute().
  const bool has_bfloat16 = at::detail::getCUDAHooks().supportsBFloat16ConvolutionWithCuDNNv8();
  return has_bfloat16 && head_size <= kMaxFlashHead ? Kernel::kFlash : Kernel::kNone;
}

std::int64_t longest(const Offsets& offsets) {
  std::int64_t length = 0;
  for (std::size_t b = 0; b + 1 < offsets.size(); ++b) length = std::max(length, offsets[b + 1] - offsets[b]);
  return length;
}

at::Tensor offsets_on(at::Device device, const SequenceRows& rows) {
  return rows.on_device.defined() ? rows.on_device : to_device(at::tensor(rows.offsets, at::kInt), device);
}

/// What the kernels drop depends on the state of LibTorch's generator for the device: here it becomes a function of the
/// call, so that a resumed run and a layer that is computed again drop the same.
void seed_generator(at::Device device, const Dropout& dropout) {
  at::Generator generator = at::globalContext().defaultGenerator(device);
  const std::scoped_lock lock(generator.mutex());
  generator.set_current_seed(random_key(dropout.key, {static_cast<std::uint64_t>(dropout.first_sequence)}));
}

}  // namespace

at::Tensor attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                     const SequenceRows& queries, const SequenceRows& keys, std::int64_t num_heads,
                     const Dropout& dropout) {
  const std::int64_t head_size = query.size(1) / num_heads;
  const Kernel kernel = kernel_for(query, head_size);
  if (kernel == Kernel::kNone || query.size(0) == 0)
    return plain::attention(query, key, value, queries, keys, num_heads, dropout);
  const auto by_heads = [&](const at::Tensor& x) { return x.view({x.size(0), num_heads, head_size}); };
  const at::Tensor q = by_heads(query), k = by_heads(key), v = by_heads(value);  // [R, N, D], [T, N, D]
  const at::Tensor query_offsets = offsets_on(query.device(), queries), key_offsets = offsets_on(key.device(), keys);
  const std::int64_t most_queries = longest(queries.offsets), most_keys = longest(keys.offsets);
  if (dropout.probability > 0) seed_generator(query.device(), dropout);
  if (kernel == Kernel::kFlash) {
    return std::get<0>(at::_flash_attention_forward(q, k, v, query_offsets, key_offsets, most_queries, most_keys,
                                                    dropout.probability, /*is_causal=*/false,
                                                    /*return_debug_mask=*/false))
        .view({query.size(0), -1});
  }
  return std::get<0>(at::_efficient_attention_forward(q.unsqueeze(0), k.unsqueeze(0), v.unsqueeze(0), /*bias=*/{},
                                                      query_offsets, key_offsets, most_queries, most_keys,
                                                      dropout.probability, kNoMask,
                                                      /*compute_log_sumexp=*/at::GradMode::is_enabled()))
      .view({query.size(0), -1});
}

}  // namespace albert::ops::cuda
