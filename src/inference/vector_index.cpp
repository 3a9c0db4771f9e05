#include "inference/vector_index.h"

#include <algorithm>

#include <ATen/Parallel.h>

namespace albert::inference {

namespace {

constexpr std::int64_t kBlockRows = 8192;

/// A view of numbers that are only read.
/// \param values [rows, columns]
at::Tensor view_of(std::span<const float> values, std::int64_t columns) {
  return at::from_blob(const_cast<float*>(values.data()), {static_cast<std::int64_t>(values.size()) / columns, columns},
                       at::kFloat);
}

/// Adds the neighbours of a block to those that were found before it.
/// \param cosines [rows] of the block
void merge(std::vector<Neighbour>& nearest, std::span<const float> cosines, std::int64_t first_row, std::size_t top_k) {
  const auto is_nearer = [](const Neighbour& a, const Neighbour& b) {
    return a.cosine != b.cosine ? a.cosine > b.cosine : a.row < b.row;
  };
  for (std::size_t i = 0; i < cosines.size(); ++i) {
    const Neighbour found{first_row + static_cast<std::int64_t>(i), cosines[i]};
    if (!(found.cosine >= -2)) continue;  // not a number
    if (nearest.size() == top_k && !is_nearer(found, nearest.back())) continue;
    nearest.insert(std::ranges::upper_bound(nearest, found, is_nearer), found);
    if (nearest.size() > top_k) nearest.pop_back();
  }
}

}  // namespace

std::vector<std::vector<Neighbour>> VectorIndex::search(std::span<const float> queries, std::int64_t top_k) const {
  if (queries.empty()) return {};
  const at::NoGradGuard no_gradients;
  const at::Tensor asked = view_of(queries, size());  // [Q, H]
  std::vector<std::vector<Neighbour>> nearest(static_cast<std::size_t>(asked.size(0)));
  for (std::int64_t begin = 0; begin < num_rows(); begin += kBlockRows) {
    const std::int64_t rows = std::min(kBlockRows, num_rows() - begin);
    const at::Tensor block = view_of(
        vectors_.values().subspan(static_cast<std::size_t>(begin * size()), static_cast<std::size_t>(rows * size())),
        size());                                                                  // [R, H]
    const at::Tensor lengths = block.norm(2, {1}).clamp_min(1e-12);               // [R]
    const at::Tensor cosines = (asked.matmul(block.t()) / lengths).contiguous();  // [Q, R]
    const auto* values = cosines.const_data_ptr<float>();
    at::parallel_for(0, asked.size(0), 1, [&](std::int64_t from, std::int64_t to) {
      for (std::int64_t q = from; q < to; ++q) {
        merge(nearest[static_cast<std::size_t>(q)], {values + q * rows, static_cast<std::size_t>(rows)}, begin,
              static_cast<std::size_t>(top_k));
      }
    });
  }
  vectors_.check();
  return nearest;
}

}  // namespace albert::inference
