#include "inference/search.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <ATen/Parallel.h>
#include <nlohmann/json.hpp>

#include "base/destination.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/stream_lines.h"
#include "inference/index_files.h"
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

using Neighbours = std::vector<Neighbour>;

std::string to_text(const std::string& query, const Neighbours& nearest, const std::optional<KeptTexts>& texts) {
  std::string out = query + '\n';
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    const auto& [row, cosine] = nearest[i];
    out += fmt::format("{:4}  {:7.4f}  line {}{}\n", i + 1, cosine, row + 1, texts ? "  " + texts->text(row) : "");
  }
  return out;
}

std::string to_json(const std::string& query, const Neighbours& nearest, const std::optional<KeptTexts>& texts) {
  nlohmann::ordered_json results = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    nlohmann::ordered_json result{
        {"rank", i + 1}, {"score", tasks::float_digits(nearest[i].cosine)}, {"line", nearest[i].row + 1}};
    if (texts) result["text"] = texts->text(nearest[i].row);
    results.push_back(std::move(result));
  }
  return dump_json(nlohmann::ordered_json{{"query", query}, {"results", std::move(results)}}) + '\n';
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
  return nearest;
}

StreamReport search(const EmbeddingModel& opened, int input, std::FILE* output, const SearchOptions& options) {
  const fs::path path = destination_of(options.index);
  if (!finish_replacement(path)) {
    throw DataError(
        "{}: only parts of this index are there: a process was killed while it replaced it, and the rest of its files "
        "is gone; make the index again with `albert embed --overwrite`",
        path.string());
  }
  const VectorIndex index(path);
  const std::int64_t size = opened.model->config().hidden_size;
  if (index.size() != size) {
    throw DataError("{}: expected vectors of {} numbers, as the model makes, found {}; the index is of another model",
                    path.string(), size, index.size());
  }
  const auto origin = read_origin(path);
  if (origin && origin->pooling == model::EmbeddingPooling::kNone) {
    throw DataError(
        "{}: expected a vector a text, found one a token; make the index with `albert embed` without --tokens",
        path.string());
  }
  const auto texts = KeptTexts::open(path, index.num_rows());
  if (origin) {
    check_origin(*origin, opened.origin, path);
  } else if (texts) {
    throw DataError(
        "{}: expected {} beside the texts of the index, found none: they may be of another index than the vectors; "
        "make both again with `albert embed`, or remove the texts to search without them",
        path.string(), origin_path(path).filename().string());
  } else {
    log_warning("{}: nothing beside it says which model made its vectors; they are taken for those of {}",
                path.string(), opened.origin.model);
  }
  StreamLines lines(input);
  VectorWindow window(VectorFormat::kText, [size](std::int64_t) { return size; },
                      {*opened.tokenizer, opened.origin.max_length});
  const auto answer = options.json ? to_json : to_text;
  return stream_records(lines, window, *opened.model, options, [&](std::span<const DueRecord> records) {
    const auto nearest = index.search(window.vectors(), options.top_k);
    std::string out;
    for (const DueRecord& record : records) {
      out += record.index ? answer(window.row(*record.index), nearest[*record.index], texts)
                          : answer(record.text, {}, texts);
    }
    write_out(output, out);
  });
}

}  // namespace albert::inference
