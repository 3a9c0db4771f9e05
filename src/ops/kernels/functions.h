#pragma once

#include "ops/kernels/vec.h"

/// The kernels of one instruction set, by the names and signatures of Kernels<T>.
namespace albert::ops::kernels::ALBERT_ISA {

template <typename T>
void bias_activation(const T* product, const float* bias, T* out, std::int64_t rows, std::int64_t columns,
                     Activation activation);
template <typename T>
void bias_activation_backward(const T* grad, const T* product, const float* bias, T* grad_product, float* bias_sum,
                              std::int64_t rows, std::int64_t columns, Activation activation);
template <typename T>
void column_sum(const T* x, float* sum, std::int64_t rows, std::int64_t columns);
template <typename T>
void add_bias(T* x, const float* bias, std::int64_t rows, std::int64_t columns);
template <typename T>
void dropout(const T* x, T* out, std::int64_t rows, std::int64_t columns, const DropoutSite& site);
template <typename T>
void layer_norm(const LayerNormRows<T>& rows, const float* beta, float epsilon, T* out);
template <typename T>
void layer_norm_backward(const LayerNormRows<T>& rows, const T* grad, T* grad_x, T* grad_residual, float* gamma_sum,
                         float* beta_sum);
template <typename T>
void cross_entropy(const T* logits, const std::int64_t* labels, float* losses, float* log_sums, std::int64_t rows,
                   std::int64_t columns);
template <typename T>
void cross_entropy_backward(const T* logits, const std::int64_t* labels, const float* log_sums, float grad,
                            T* grad_logits, std::int64_t rows, std::int64_t columns);
template <typename T>
std::size_t attention_scratch(const AttentionHead<T>& head, bool backward);
template <typename T>
void attention(const AttentionHead<T>& h, std::byte* memory);
template <typename T>
void attention_backward(const AttentionHead<T>& h, std::byte* memory);

}  // namespace albert::ops::kernels::ALBERT_ISA
