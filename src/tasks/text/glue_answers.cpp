#include "tasks/text/glue_answers.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <spdlog/fmt/fmt.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/shown.h"
#include "tasks/text/readers.h"

namespace albert::tasks {

namespace {

/// By what a submission knows the records, in their order.
std::vector<std::string> indices_of(const std::vector<TextRecord>& records) {
  std::vector<std::string> indices;
  indices.reserve(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    indices.push_back(records[i].id.empty() ? std::to_string(i) : records[i].id);
  }
  return indices;
}

std::vector<TextRecord> read_submission(const fs::path& file) {
  const TextFormat format{.columns = {.first = {}, .second = {}, .labels = {{"prediction"}}, .id = kIndexNames},
                          .needs_rows = false};
  return read_texts(file, format, /*need_labels=*/true).records;
}

/// Places of the predictions by their indices.
std::unordered_map<std::string_view, std::size_t> places_of(const std::vector<std::string>& indices,
                                                            const std::vector<TextRecord>& predictions) {
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    if (places.emplace(indices[i], i).second) continue;
    throw DataError("{}: the index {} was predicted before", predictions[i].place.to_string(), shortened(indices[i]));
  }
  return places;
}

}  // namespace

std::string glue_similarity(double value) {
  return fmt::format("{:.3f}", std::clamp(value, 0.0, 5.0));
}

void write_glue_answers(const TextFile& file, std::span<const std::string> values, const fs::path& path) {
  const std::vector<std::string> indices = indices_of(file.records);
  std::string out = "index\tprediction\n";
  for (std::size_t i = 0; i < indices.size(); ++i) out += indices[i] + '\t' + values[i] + '\n';
  write_file_atomically(path, out);
}

std::vector<TextRecord> in_order_of(const std::vector<std::string>& wanted, std::vector<TextRecord> predictions,
                                    const std::vector<std::string>& indices, const std::string& gold,
                                    const std::string& hint) {
  if (wanted == indices) return predictions;
  auto places = places_of(indices, predictions);
  std::vector<TextRecord> ordered;
  for (const std::string& index : wanted) {
    const auto place = places.find(index);
    if (place == places.end()) {
      throw DataError("{}: expected a prediction for each of the {} records of {}, found none for the index {}{}",
                      predictions.front().place.file, wanted.size(), gold, shortened(index), hint);
    }
    ordered.push_back(std::move(predictions[place->second]));
    places.erase(place);
  }
  if (places.empty()) return ordered;
  const auto& [index, extra] = *places.begin();
  throw DataError("{}: the index {} is of none of the {} records of {}{}", predictions[extra].place.to_string(),
                  shortened(index), wanted.size(), gold, hint);
}

std::vector<TextRecord> read_glue_answers(const TextFile& gold, const fs::path& path) {
  std::vector<TextRecord> predictions = read_submission(path);
  const std::vector<std::string> indices = indices_of(predictions);
  return in_order_of(indices_of(gold.records), std::move(predictions), indices, gold.records.front().place.file);
}

}  // namespace albert::tasks
