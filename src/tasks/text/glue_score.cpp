#include "tasks/text/glue_score.h"

#include <unordered_map>

#include "base/error.h"
#include "tasks/text/label_score.h"
#include "tasks/text/reader.h"

namespace albert::tasks {

namespace {

namespace fs = std::filesystem;

/// By what a submission knows the records, in their order.
std::vector<std::string> indices_of(const std::vector<TextRecord>& records) {
  std::vector<std::string> indices;
  indices.reserve(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    indices.push_back(records[i].id.empty() ? std::to_string(i) : records[i].id);
  }
  return indices;
}

TextFile read_submission(const fs::path& file) {
  const TextFormat format{.columns = {.first = {}, .second = {}, .labels = {{"prediction"}}, .id = {"index", "id"}}};
  return read_texts(file, format, /*need_labels=*/true);
}

/// The predictions in the order of the gold records. \param wanted, found indices of the records and the predictions
std::vector<PlacedValue> in_order(const std::vector<std::string>& wanted, const std::vector<std::string>& found,
                                  std::vector<PlacedValue> predictions, const fs::path& gold, const fs::path& file) {
  if (wanted == found) return predictions;
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (places.emplace(found[i], i).second) continue;
    throw DataError("{}: the index {} was predicted before", predictions[i].place.to_string(), found[i]);
  }
  std::vector<PlacedValue> ordered;
  for (const std::string& index : wanted) {
    const auto place = places.find(index);
    if (place == places.end()) {
      throw DataError("{}: expected a prediction for each of the {} records of {}, found none for the index {}",
                      file.string(), wanted.size(), gold.string(), index);
    }
    ordered.push_back(std::move(predictions[place->second]));
    places.erase(place);
  }
  if (places.empty()) return ordered;
  const auto& [index, extra] = *places.begin();
  throw DataError("{}: the index {} is of none of the {} records of {}", predictions[extra].place.to_string(), index,
                  wanted.size(), gold.string());
}

}  // namespace

GlueAnswers read_glue_answers(GlueTask task, const fs::path& gold, const fs::path& predictions) {
  const GlueInfo& info = glue_info(task);
  const TextFormat& format = row_format_by_name(gold) == RowFormat::kJsonl ? info.jsonl : info.tsv;
  const std::vector<TextRecord> records = read_texts(gold, format, /*need_labels=*/true).records;
  const std::vector<TextRecord> submitted = read_submission(predictions).records;
  return {.gold = values_of(records),
          .predicted = in_order(indices_of(records), indices_of(submitted), values_of(submitted), gold, predictions)};
}

metrics::Report score_glue(GlueTask task, const fs::path& gold, const fs::path& predictions) {
  const std::vector<std::string>& labels = glue_info(task).labels;
  const GlueAnswers answers = read_glue_answers(task, gold, predictions);
  return labels.empty() ? judge_numbers(answers.gold, answers.predicted)
                        : judge_labels(answers.gold, answers.predicted, labels);
}

}  // namespace albert::tasks
