#include "ops/fast.h"
#include "ops/fast_support.h"

namespace albert::ops::fast {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Scratch memory of a thread, kept from call to call, aligned to 64 bytes.
std::byte* scratch_of_thread(std::size_t size) {
  thread_local std::vector<std::byte> memory;
  if (memory.size() < size + 64) memory.resize(size + 64);
  void* begin = memory.data();
  std::size_t space = memory.size();
  return static_cast<std::byte*>(std::align(64, size, begin, space));
}

/// A tensor whose rows may lie apart (a slice of a wider product) but are each in one run.
at::Tensor with_dense_rows(const at::Tensor& x) {
  return x.stride(1) == 1 ? x : x.contiguous();
}

struct Attention {
  at::Tensor query, key, value, out, log_sums;
  Offsets query_offsets, key_offsets;
  std::int64_t num_heads;
  DropoutState dropout;
  at::Tensor grad_out, grad_query, grad_key, grad_value;  ///< backward only

  /// log_sums is [N, R].
  template <typename T>
  kernels::AttentionHead<T> head(std::size_t sequence, std::int64_t number) const {
    const std::int64_t first_query = query_offsets[sequence], first_key = key_offsets[sequence];
    const std::int64_t head_size = query.size(1) / num_heads;
    const auto rows = [&](const at::Tensor& x, std::int64_t first) -> T* {
      return x.defined() ? data<T>(x) + first * x.stride(0) + number * head_size : nullptr;
    };
    return {.num_queries = query_offsets[sequence + 1] - first_query,
            .num_keys = key_offsets[sequence + 1] - first_key,
            .head_size = head_size,
            .query = rows(query, first_query),
            .key = rows(key, first_key),
            .value = rows(value, first_key),
            .query_stride = query.stride(0),
            .key_stride = key.stride(0),
            .value_stride = value.stride(0),
            .dropout = dropout.site(first_query),
            .head = static_cast<std::uint32_t>(number),
            .out = rows(out, first_query),
            .out_stride = out.stride(0),
            .by_tiles = kernels::instruction_set() == kernels::InstructionSet::kAmx,
            .log_sum = data<float>(log_sums) + number * query.size(0) + first_query,
            .grad_out = rows(grad_out, first_query),
            .grad_query = rows(grad_query, first_query),
            .grad_key = rows(grad_key, first_key),
            .grad_value = rows(grad_value, first_key)};
  }

  /// Every head of every sequence once. Threads share the heads, not the sequences, whose lengths may differ.
  void run(bool backward) const {
    const auto num_sequences = static_cast<std::int64_t>(query_offsets.size()) - 1;
    with_type(query.scalar_type(), [&]<typename T>(T) {
      const kernels::Kernels<T>& kernels = kernels::kernels_of<T>();
      at::parallel_for(0, num_heads * num_sequences, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          const auto task = head<T>(static_cast<std::size_t>(i % num_sequences), i / num_sequences);
          std::byte* scratch = scratch_of_thread(kernels.attention_scratch(task, backward));
          (backward ? kernels.attention_backward : kernels.attention)(task, scratch);
        }
      });
    });
  }
};

/// Keeps the inputs, the result and one number per row and head; the probabilities are computed again.
struct AttentionFunction : torch::autograd::Function<AttentionFunction> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& query, const at::Tensor& key,
                            const at::Tensor& value, const Offsets& query_offsets, const Offsets& key_offsets,
                            std::int64_t num_heads, const Dropout& dropout) {
    Attention call{query,
                   key,
                   value,
                   at::empty({query.size(0), query.size(1)}, query.options()),
                   at::empty({num_heads, query.size(0)}, at::kFloat),
                   query_offsets,
                   key_offsets,
                   num_heads,
                   DropoutState(dropout, at::kCPU),
                   {},
                   {},
                   {},
                   {}};
    call.run(false);
    context->save_for_backward({query, key, value, call.out, call.log_sums});
    context->saved_data["query_offsets"] = query_offsets;
    context->saved_data["key_offsets"] = key_offsets;
    context->saved_data["num_heads"] = num_heads;
    call.dropout.save(context);
    return call.out;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const auto dense = [](const at::Tensor& x) { return at::empty({x.size(0), x.size(1)}, x.options()); };
    const Attention call{saved[0],
                         saved[1],
                         saved[2],
                         saved[3],
                         saved[4],
                         context->saved_data["query_offsets"].toIntVector(),
                         context->saved_data["key_offsets"].toIntVector(),
                         context->saved_data["num_heads"].toInt(),
                         DropoutState(context),
                         gradients[0].contiguous(),
                         dense(saved[0]),
                         dense(saved[1]),
                         dense(saved[2])};
    call.run(true);
    return {call.grad_query, call.grad_key, call.grad_value, {}, {}, {}, {}};
  }
};

}  // namespace

at::Tensor attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                     const SequenceRows& queries, const SequenceRows& keys, std::int64_t num_heads,
                     const Dropout& dropout) {
  return AttentionFunction::apply(with_dense_rows(query), with_dense_rows(key), with_dense_rows(value), queries.offsets,
                                  keys.offsets, num_heads, dropout);
}

}  // namespace albert::ops::fast
