#include "tasks/relation/data_set.h"

#include <algorithm>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/ranges.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "metrics/relations.h"
#include "tasks/common/json_object.h"
#include "tasks/common/parts.h"

namespace albert::tasks {

namespace {

std::int64_t class_of(const RelationRecord& record, const std::vector<std::string>& labels) {
  const auto found = std::ranges::find(labels, *record.label);
  if (found != labels.end()) return found - labels.begin();
  throw DataError("{}: the label '{}' is not among those of the training data: {}", record.place.to_string(),
                  *record.label, fmt::join(labels, ", "));
}

}  // namespace

RelationDataSet::RelationDataSet(std::string name, RelationFile file, std::vector<std::string> labels,
                                 RelationEncoding encoding, std::size_t num_of_other_part)
    : name_(std::move(name)),
      is_labelled_(file.is_labelled()),
      labels_(std::move(labels)),
      answers_(TextConfig(), labels_),
      given_(file.records.size()) {
  for (RelationRecord& record : file.records) {
    model::Item item = encoding.encode(record);
    if (record.label) item.labels = {class_of(record, labels_)};
    items_.push_back(std::move(item));
    ids_.push_back(std::move(record.id));
    if (!record.row.empty()) rows_.push_back(std::move(record.row));
  }
  notes_ = fmt::format("{} sentences; {} shortened", items_.size(), encoding.num_truncated());
  notes_ += describe_share(num_of_other_part);
}

void RelationDataSet::take_scores(std::size_t index, std::span<const float> scores) {
  if (scores.size() != labels_.size()) {
    throw InternalError("{} scores of a sentence of {}, expected {}", scores.size(), name_, labels_.size());
  }
  given_[index] = answers_.from_scores(scores);
}

const TextAnswer& RelationDataSet::answer(std::size_t index) const {
  if (given_[index].classes.empty()) throw InternalError("sentence {} of {} has no scores", index, name_);
  return given_[index];
}

Judgement RelationDataSet::judge() const {
  if (!is_labelled_) throw InternalError("{} has no labels to judge by", name_);
  metrics::RelationCounts counts;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    counts.add(labels_[static_cast<std::size_t>(items_[i].labels[0])], answers_.prediction(answer(i)));
  }
  return metrics::judge_relations(counts);
}

void RelationDataSet::write_predictions(const fs::path& file) const {
  if (rows_.empty()) {
    RelationAnswers lines;
    for (std::size_t i = 0; i < items_.size(); ++i) lines.emplace_back(ids_[i], answers_.prediction(answer(i)));
    return write_relation_answers(file, lines);
  }
  std::string out;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    out += add_json_members(rows_[i], answers_.json_members(answer(i))) + '\n';
  }
  write_file_atomically(file, out);
}

}  // namespace albert::tasks
