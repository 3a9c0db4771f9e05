#include "inference/search.h"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "base/shown.h"
#include "base/stream_lines.h"
#include "inference/text_index.h"
#include "inference/vector_window.h"

namespace albert::inference {

namespace {

using Neighbours = std::vector<Neighbour>;

std::string to_text(const std::string& query, const Neighbours& nearest, const TextIndex& index) {
  std::string out = query + '\n';
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    const auto& [row, cosine] = nearest[i];
    const auto text = index.text(row);
    out += fmt::format("{:4}  {:7.4f}  line {}{}\n", i + 1, cosine, row + 1, text ? "  " + printable(*text) : "");
  }
  return out;
}

std::string to_json(const std::string& query, const Neighbours& nearest, const TextIndex& index) {
  return dump_json(nlohmann::ordered_json{{"query", query}, {"results", index.to_json(nearest)}}) + '\n';
}

}  // namespace

StreamReport search(const EmbeddingModel& opened, int input, std::FILE* output, const SearchOptions& options) {
  const std::int64_t size = opened.model->config().hidden_size;
  const TextIndex index(options.index, opened.origin, size);
  StreamLines lines(input);
  VectorWindow window(VectorFormat::kText, [size](std::int64_t) { return size; },
                      {*opened.tokenizer, opened.origin.max_length});
  const auto answer = options.json ? to_json : to_text;
  return stream_records(lines, window, *opened.model, options, [&](std::span<const DueRecord> records) {
    const auto nearest = index.vectors().search(window.vectors(), options.top_k);
    std::string out;
    for (const DueRecord& record : records) {
      out += record.index ? answer(window.row(*record.index), nearest[*record.index], index)
                          : answer(record.text, {}, index);
    }
    write_out(output, out);
  });
}

}  // namespace albert::inference
