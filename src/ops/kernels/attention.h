#pragma once

#include "ops/kernels/dropout.h"
#include "ops/kernels/gemm.h"
#include "ops/kernels/tiles.h"
#include "ops/kernels/vec.h"
#include "ops/kernels/vec_math.h"

/// Attention of one head over one sequence, by blocks of query rows: a block's scores against all keys fit the
/// second-level cache, so the softmax is the ordinary one. Nothing of size [queries, keys] is kept for the backward
/// pass, which computes the probabilities again from the log of their sum (as in FlashAttention, Dao et al. 2022), on
/// their side: [keys, queries]. There a vector holds one key and neighbouring queries, so what belongs to a query (log
/// sum, and dO . O) is loaded, never broadcast, and the probabilities are a left operand for the gradients of value and
/// key as they lie.
namespace albert::ops::kernels::ALBERT_ISA {

namespace {

/// Queries of a block: scores of 32,768 elements or so.
std::int64_t block_queries(std::int64_t num_queries, std::int64_t num_keys) {
  const std::int64_t fitting = 32768 / (num_keys > 0 ? num_keys : 1) / kWidth * kWidth;
  const std::int64_t block = fitting < 32 ? 32 : (fitting > 128 ? 128 : fitting);
  return smaller(block, round_up(num_queries, kWidth));
}

/// Hands out pieces of the scratch memory; with none, only counts.
class Carver {
 public:
  explicit Carver(std::byte* memory) : memory_(memory) {}

  template <typename U>
  U* take(std::int64_t count) {
    U* piece = memory_ ? reinterpret_cast<U*>(memory_ + used_) : nullptr;
    used_ += (static_cast<std::size_t>(count) * sizeof(U) + 63) / 64 * 64;
    return piece;
  }
  std::size_t used() const { return used_; }

 private:
  std::byte* memory_;
  std::size_t used_ = 0;
};

/// Sizes rounded up to what the operands need, of elements and of units.
template <typename T>
struct Sizes {
  explicit Sizes(const AttentionHead<T>& h)
      : keys(round_up(h.num_keys, 2 * kWidth)),
        queries(round_up(block_queries(h.num_queries, h.num_keys), 2 * kWidth)),
        head(round_up(h.head_size, kWidth)),
        key_units(units<T>(keys)),
        query_units(units<T>(queries)),
        head_units(round_up(units<T>(h.head_size), kWidth)) {}

  std::int64_t keys, queries, head, key_units, query_units, head_units;
};

template <typename T>
struct ForwardScratch {
  ForwardScratch(const Sizes<T>& s, Carver& carver)
      : rows(carver.take<Unit<T>>((s.keys > s.queries ? s.keys : s.queries) * s.head_units)),
        key_transposed(carver.take<Unit<T>>(s.head_units * s.keys)),
        value_across(carver.take<Unit<T>>(s.key_units * s.head)),
        scores(carver.take<float>(s.queries * s.keys)),
        probabilities(carver.take<Unit<T>>(s.queries * s.key_units)),
        factors(carver.take<float>(round_up(s.keys, kDropoutBlock))),
        context(carver.take<float>(s.queries * s.head)) {}

  Unit<T>* rows;
  Unit<T>* key_transposed;
  Unit<T>* value_across;
  float* scores;
  Unit<T>* probabilities;
  float* factors;
  float* context;
};

template <typename T>
struct BackwardScratch {
  BackwardScratch(const Sizes<T>& s, Carver& carver)
      : key_rows(carver.take<Unit<T>>(s.keys * s.head_units)),
        value_rows(carver.take<Unit<T>>(s.keys * s.head_units)),
        key_across(carver.take<Unit<T>>(s.key_units * s.head)),
        key_turned(carver.take<Unit<T>>(s.head * s.key_units)),
        rows(carver.take<Unit<T>>(s.queries * s.head_units)),
        transposed(carver.take<Unit<T>>(s.head_units * s.queries)),
        query_across(carver.take<Unit<T>>(s.query_units * s.head)),
        grad_across(carver.take<Unit<T>>(s.query_units * s.head)),
        scores(carver.take<float>(s.keys * s.queries)),
        grads(carver.take<float>(s.keys * s.queries)),
        probabilities(carver.take<Unit<T>>(s.keys * s.query_units)),
        grad_rows(carver.take<Unit<T>>(s.keys * s.query_units)),
        grad_pairs(carver.take<Unit<T>>(s.key_units * s.queries)),
        factors(carver.take<float>(s.keys * s.queries)),
        log_sums(carver.take<float>(s.queries)),
        deltas(carver.take<float>(s.queries)),
        grad_query(carver.take<float>(s.queries * s.head)),
        grad_key(carver.take<float>(s.keys * s.head)),
        grad_value(carver.take<float>(s.keys * s.head)) {}

  Unit<T>* key_rows;
  Unit<T>* value_rows;
  Unit<T>* key_across;
  Unit<T>* key_turned;  ///< key_across on its side
  Unit<T>* rows;        ///< the block's queries or dO, on the way to being transposed
  Unit<T>* transposed;  ///< likewise
  Unit<T>* query_across;
  Unit<T>* grad_across;
  float* scores;           ///< S^T [keys, queries]
  float* grads;            ///< dP^T
  Unit<T>* probabilities;  ///< P^T after dropout, units along the queries
  Unit<T>* grad_rows;      ///< dS^T, units along the queries
  Unit<T>* grad_pairs;     ///< dS^T, units along the keys
  float* factors;          ///< those of dropout, [keys, queries]
  float* log_sums;
  float* deltas;  ///< dO . O of each query
  float* grad_query;
  float* grad_key;
  float* grad_value;
};

float score_scale(std::int64_t head_size) {
  return 1.0F / __builtin_sqrtf(static_cast<float>(head_size));
}

/// Turns a row of scores into probabilities after dropout.
/// \return the log of the sum of exp(scaled scores)
template <typename T>
float softmax_row(float* scores, std::int64_t num_keys, const Sizes<T>& s, float scale, const float* factors,
                  Unit<T>* out) {
  for (std::int64_t c = num_keys; c < s.keys; ++c) scores[c] = -3.4e38F;  // exp makes it 0
  Vec tops = load(scores);
  for (std::int64_t c = kWidth; c < s.keys; c += kWidth) tops = larger(tops, load(scores + c));
  const float top = largest(tops);
  Vec total = {};
  for (std::int64_t c = 0; c < s.keys; c += kWidth) {
    const Vec e = exp((load(scores + c) - top) * scale);
    store(scores + c, e);
    total = total + e;
  }
  const float all = sum(total);
  const Vec inverse = broadcast(1.0F / all);
  for (std::int64_t c = 0; c < s.keys; c += kWidth) {
    const Vec p = load(scores + c) * inverse;
    store_units(out + c / UnitOf<T>::kSize, factors ? p * load(factors + c) : p);
  }
  return top * scale + __builtin_logf(all);
}

/// Rows of float to rows of T.
template <typename T>
void write_rows(const float* from, std::int64_t ld, std::int64_t rows, std::int64_t columns, T* to,
                std::int64_t stride) {
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < columns; c += kWidth) store(to + r * stride + c, load(from + r * ld + c), columns - c);
  }
}

/// Rows of T from floats on their side: from [columns, ld].
template <typename T>
void write_turned(const float* from, std::int64_t ld, std::int64_t rows, std::int64_t columns, T* to,
                  std::int64_t stride) {
  for (std::int64_t begin = 0; begin < rows; begin += kWidth) {
    for (std::int64_t c = 0; c < columns; c += kWidth) {
      Words square[kWidth];
      for (int i = 0; i < kWidth; ++i) square[i] = (Words)load(from + (c + i) * ld + begin);
      transpose(square);
      for (std::int64_t r = 0; r < smaller(kWidth, rows - begin); ++r) {
        store(to + (begin + r) * stride + c, (Vec)square[r], columns - c);
      }
    }
  }
}

template <typename T>
float dot(const T* a, const T* b, std::int64_t size) {
  Vec total = {};
  for (std::int64_t c = 0; c < size; c += kWidth) total = total + load(a + c, size - c) * load(b + c, size - c);
  return sum(total);
}

/// What belongs to the queries of a block: operands, log sums, deltas, dropout. Rows beyond the block's end get a log
/// sum that makes their probabilities 0.
template <typename T>
void load_block(const AttentionHead<T>& h, const Sizes<T>& s, std::int64_t begin, std::int64_t rows,
                BackwardScratch<T>& m) {
  const T* grad = h.grad_out + begin * h.out_stride;
  pack_across(h.query + begin * h.query_stride, h.query_stride, rows, h.head_size, m.query_across, s.head);
  pack_across(grad, h.out_stride, rows, h.head_size, m.grad_across, s.head);
  clear_rows(m.query_across, s.head, units<T>(rows), units<T>(round_up(rows, 2 * kWidth)));
  clear_rows(m.grad_across, s.head, units<T>(rows), units<T>(round_up(rows, 2 * kWidth)));
  for (std::int64_t r = 0; r < s.queries; ++r) {
    const bool there = r < rows;
    m.log_sums[r] = there ? h.log_sum[begin + r] : __builtin_inff();
    m.deltas[r] = there ? dot(grad + r * h.out_stride, h.out + (begin + r) * h.out_stride, h.head_size) : 0.0F;
  }
  if (h.dropout.threshold == 0) return;
  for (std::int64_t block = 0; block * kDropoutBlock < h.num_keys; ++block) {
    for (std::int64_t r = 0; r < rows; r += kWidth) {
      for (std::int64_t lane = 0; lane < smaller(kDropoutLanes, h.num_keys - block * kDropoutBlock); ++lane) {
        dropout_rows_of_call(h.dropout, begin + r, rows - r, h.head, block * kDropoutLanes + lane, h.num_keys,
                             m.factors + r, s.queries);
      }
    }
  }
}

/// [rows of A, queries] = A times the block's rows on their side.
template <typename T>
void scores_against(const Unit<T>* a, const T* block, std::int64_t stride, std::int64_t rows, const AttentionHead<T>& h,
                    const Sizes<T>& s, BackwardScratch<T>& m, float* out) {
  pack_rows(block, stride, rows, h.head_size, m.rows, s.head_units);
  pack_transposed(m.rows, s.head_units, rows, s.head_units, m.transposed, s.queries);
  multiply<T>(h.by_tiles, a, s.head_units, h.num_keys, m.transposed, s.queries, round_up(rows, kWidth),
              units<T>(h.head_size), s.head_units, out, s.queries, false);
}

/// P^T and dS^T of one key and of kWidth queries.
template <typename T>
struct Gradient {
  Vec probability;  ///< after dropout
  Vec score{};
  Gradient(const AttentionHead<T>& h, const Sizes<T>& s, const BackwardScratch<T>& m, std::int64_t key, std::int64_t c,
           float scale)
      : probability(exp(load(m.scores + key * s.queries + c) * scale - load(m.log_sums + c))) {
    Vec g = load(m.grads + key * s.queries + c);
    const Vec before = probability;
    if (h.dropout.threshold > 0) {
      const Vec factor = load(m.factors + key * s.queries + c);
      g = g * factor;
      probability = probability * factor;
    }
    score = before * (g - load(m.deltas + c)) * scale;
  }
};

/// Fills the three operands of the gradients from S^T and dP^T.
template <typename T>
void probability_gradients(const AttentionHead<T>& h, const Sizes<T>& s, std::int64_t rows, BackwardScratch<T>& m) {
  constexpr int kSize = UnitOf<T>::kSize;
  const float scale = score_scale(h.head_size);
  const auto write = [&](std::int64_t key, std::int64_t c, const Gradient<T>& g) {
    store_units(m.probabilities + key * s.query_units + c / kSize, g.probability);
    store_units(m.grad_rows + key * s.query_units + c / kSize, g.score);
  };
  const std::int64_t columns = round_up(rows, kWidth);
  if (columns < round_up(rows, 2 * kWidth)) {
    for (std::int64_t key = 0; key < h.num_keys; ++key) {
      store_units(m.probabilities + key * s.query_units + columns / kSize, Vec{});
      store_units(m.grad_rows + key * s.query_units + columns / kSize, Vec{});
    }
  }
  for (std::int64_t key = 0; key < h.num_keys; key += kSize) {
    for (std::int64_t c = 0; c < columns; c += kWidth) {
      const Gradient<T> first(h, s, m, key, c, scale);
      write(key, c, first);
      Vec second = {};
      if (kSize == 2 && key + 1 < h.num_keys) {
        const Gradient<T> next(h, s, m, key + 1, c, scale);
        write(key + 1, c, next);
        second = next.score;
      }
      store_pairs(m.grad_pairs + key / kSize * s.queries + c, first.score, second);
    }
  }
}

}  // namespace

template <typename T>
std::size_t attention_scratch(const AttentionHead<T>& head, bool backward) {
  Carver carver(nullptr);
  const Sizes<T> sizes(head);
  if (backward) {
    BackwardScratch<T>(sizes, carver);
  } else {
    ForwardScratch<T>(sizes, carver);
  }
  return carver.used();
}

template <typename T>
void attention(const AttentionHead<T>& h, std::byte* memory) {
  const Sizes<T> s(h);
  Carver carver(memory);
  ForwardScratch<T> m(s, carver);
  const std::int64_t head_units = units<T>(h.head_size);
  pack_rows(h.key, h.key_stride, h.num_keys, h.head_size, m.rows, s.head_units);
  pack_transposed(m.rows, s.head_units, h.num_keys, s.head_units, m.key_transposed, s.keys);
  pack_across(h.value, h.value_stride, h.num_keys, h.head_size, m.value_across, s.head);
  clear_rows(m.value_across, s.head, units<T>(h.num_keys), s.key_units);

  for (std::int64_t begin = 0; begin < h.num_queries; begin += s.queries) {
    const std::int64_t rows = smaller(s.queries, h.num_queries - begin);
    pack_rows(h.query + begin * h.query_stride, h.query_stride, rows, h.head_size, m.rows, s.head_units);
    multiply<T>(h.by_tiles, m.rows, s.head_units, rows, m.key_transposed, s.keys, s.keys, head_units, s.head_units,
                m.scores, s.keys, false);
    for (std::int64_t r = 0; r < rows; ++r) {
      const bool drops = h.dropout.threshold > 0;
      if (drops) dropout_row(h.dropout, begin + r, h.head, h.num_keys, m.factors);
      h.log_sum[begin + r] = softmax_row<T>(m.scores + r * s.keys, h.num_keys, s, score_scale(h.head_size),
                                            drops ? m.factors : nullptr, m.probabilities + r * s.key_units);
    }
    multiply<T>(h.by_tiles, m.probabilities, s.key_units, rows, m.value_across, s.head, s.head, units<T>(h.num_keys),
                s.key_units, m.context, s.head, false);
    write_rows(m.context, s.head, rows, h.head_size, h.out + begin * h.out_stride, h.out_stride);
  }
}

template <typename T>
void attention_backward(const AttentionHead<T>& h, std::byte* memory) {
  const Sizes<T> s(h);
  Carver carver(memory);
  BackwardScratch<T> m(s, carver);
  pack_rows(h.key, h.key_stride, h.num_keys, h.head_size, m.key_rows, s.head_units);
  pack_rows(h.value, h.value_stride, h.num_keys, h.head_size, m.value_rows, s.head_units);
  pack_across(h.key, h.key_stride, h.num_keys, h.head_size, m.key_across, s.head);
  pack_transposed(m.key_across, s.head, units<T>(h.num_keys), s.head, m.key_turned, s.key_units);
  clear_rows(m.grad_pairs, s.queries, units<T>(h.num_keys), s.key_units);

  for (std::int64_t begin = 0; begin < h.num_queries; begin += s.queries) {
    const std::int64_t rows = smaller(s.queries, h.num_queries - begin);
    load_block(h, s, begin, rows, m);
    scores_against(m.key_rows, h.query + begin * h.query_stride, h.query_stride, rows, h, s, m, m.scores);
    scores_against(m.value_rows, h.grad_out + begin * h.out_stride, h.out_stride, rows, h, s, m, m.grads);
    probability_gradients(h, s, rows, m);
    const std::int64_t columns = round_up(rows, kWidth), padded_units = units<T>(round_up(rows, 2 * kWidth));
    multiply<T>(h.by_tiles, m.probabilities, s.query_units, h.num_keys, m.grad_across, s.head, s.head, units<T>(rows),
                padded_units, m.grad_value, s.head, begin > 0);
    multiply<T>(h.by_tiles, m.grad_rows, s.query_units, h.num_keys, m.query_across, s.head, s.head, units<T>(rows),
                padded_units, m.grad_key, s.head, begin > 0);
    multiply<T>(h.by_tiles, m.key_turned, s.key_units, s.head, m.grad_pairs, s.queries, columns, units<T>(h.num_keys),
                s.key_units, m.grad_query, s.queries, false);
    write_turned(m.grad_query, s.queries, rows, h.head_size, h.grad_query + begin * h.out_stride, h.out_stride);
  }
  if (h.num_queries == 0) {
    clear_rows(m.grad_key, s.head, 0, h.num_keys);
    clear_rows(m.grad_value, s.head, 0, h.num_keys);
  }
  write_rows(m.grad_key, s.head, h.num_keys, h.head_size, h.grad_key, h.out_stride);
  write_rows(m.grad_value, s.head, h.num_keys, h.head_size, h.grad_value, h.out_stride);
}

}  // namespace albert::ops::kernels::ALBERT_ISA
