#include "inference/search.h"

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/log.h"
#include "inference/kept_texts.h"
#include "inference/line_source.h"
#include "inference/vector_index.h"

namespace albert::inference {

namespace {

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
    nlohmann::ordered_json result{{"rank", i + 1}, {"score", nearest[i].cosine}, {"line", nearest[i].row + 1}};
    if (texts) result["text"] = texts->text(nearest[i].row);
    results.push_back(std::move(result));
  }
  return nlohmann::ordered_json{{"query", query}, {"results", std::move(results)}}.dump() + '\n';
}

}  // namespace

StreamReport search(const EmbeddingModel& opened, int input, std::FILE* output, const SearchOptions& options) {
  const VectorIndex index(options.index);
  const std::int64_t size = opened.model->config().hidden_size;
  if (index.size() != size) {
    throw DataError("{}: expected vectors of {} numbers, as the model makes, found {}; the index is of another model",
                    options.index.string(), size, index.size());
  }
  const auto texts = KeptTexts::open(options.index, index.num_rows());
  if (const auto origin = read_origin(options.index)) {
    check_origin(*origin, opened.origin, options.index);
  } else if (texts) {
    throw DataError(
        "{}: expected {} beside the texts of the index, found none: they may be of another index than the vectors; "
        "make both again with `albert embed`, or remove the texts to search without them",
        options.index.string(), origin_path(options.index).filename().string());
  } else {
    log_warning("{}: nothing beside it says which model made its vectors; they are taken for those of {}",
                options.index.string(), opened.origin.model);
  }
  LineSource lines(input);
  VectorWindow window(VectorFormat::kText, size, {*opened.tokenizer, opened.origin.max_length});
  return stream_records(lines, window, *opened.model, options, [&](const std::vector<bool>&) {
    const auto nearest = index.search(window.vectors(), options.top_k);
    std::string out;
    for (std::size_t i = 0; i < nearest.size(); ++i) {
      out += options.json ? to_json(window.row(i), nearest[i], texts) : to_text(window.row(i), nearest[i], texts);
    }
    write_out(output, out);
  });
}

}  // namespace albert::inference
