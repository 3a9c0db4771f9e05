#include "inference/text_index.h"

#include <algorithm>

#include <ATen/Parallel.h>
#include <nlohmann/json.hpp>

#include "base/destination.h"
#include "base/error.h"
#include "base/log.h"
#include "inference/index_replacement.h"
#include "tasks/common/float_digits.h"

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

/// The file of an index, which is whole.
/// Throws DataError where only parts of it are there.
fs::path whole_index(const fs::path& given) {
  fs::path path = destination_of(given);
  if (finish_replacement(path)) return path;
  throw DataError(
      "{}: only parts of this index are there: a process was killed while it replaced it, and the rest of its files "
      "is gone; make the index again with `albert embed --overwrite`",
      path.string());
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

TextIndex::TextIndex(const fs::path& path, const VectorOrigin& searching, std::int64_t size)
    : vectors_(whole_index(path)) {
  const fs::path& file = vectors_.path();
  if (vectors_.size() != size) {
    throw DataError("{}: expected vectors of {} numbers, as the model makes, found {}; the index is of another model",
                    file.string(), size, vectors_.size());
  }
  const auto origin = read_origin(file);
  if (origin && origin->pooling == model::EmbeddingPooling::kNone) {
    throw DataError(
        "{}: expected a vector a text, found one a token; make the index with `albert embed` without --tokens",
        file.string());
  }
  texts_ = KeptTexts::open(file, vectors_.num_rows());
  if (origin) {
    check_origin(*origin, searching, file);
  } else if (texts_) {
    throw DataError(
        "{}: expected {} beside the texts of the index, found none: they may be of another index than the vectors; "
        "make both again with `albert embed`, or remove the texts to search without them",
        file.string(), origin_path(file).filename().string());
  } else {
    log_warning("{}: nothing beside it says which model made its vectors; they are taken for those of {}",
                file.string(), searching.model);
  }
}

std::optional<std::string> TextIndex::text(std::int64_t row) const {
  return texts_ ? std::optional(texts_->text(row)) : std::nullopt;
}

nlohmann::ordered_json TextIndex::to_json(std::span<const Neighbour> nearest) const {
  nlohmann::ordered_json results = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    nlohmann::ordered_json result{
        {"rank", i + 1}, {"score", tasks::float_digits(nearest[i].cosine)}, {"line", nearest[i].row + 1}};
    if (texts_) result["text"] = texts_->text(nearest[i].row);
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace albert::inference
