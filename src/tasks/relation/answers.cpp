#include "tasks/relation/answers.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/file.h"
#include "base/shown.h"
#include "metrics/relations.h"
#include "tasks/common/decoding.h"
#include "tasks/common/json_object.h"
#include "tasks/common/json_records.h"
#include "tasks/common/table.h"
#include "tasks/relation/readers.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

/// A sentence of which no more is known than its label.
RelationRecord answered(const Place& place, std::string id, std::string label) {
  return {.place = place, .id = std::move(id), .label = std::move(label)};
}

/// Reads lines of an id, a tab and a label.
std::vector<RelationRecord> read_key(const fs::path& path) {
  const std::string text = decode_file(read_file(path), "utf-8", path.string());
  TableReader reader(text, {.separator = '\t'}, path.string());
  std::vector<RelationRecord> records;
  TableRow row;
  while (reader.next(row)) {
    const Place place{.file = path.string(), .line = row.line, .id = {}};
    if (row.fields.size() != 2) {
      throw DataError("{}: expected an id, a tab and a label, found {} columns", place.to_string(), row.fields.size());
    }
    records.push_back(answered(place, row.fields[0], std::string(text::trim(row.fields[1]))));
  }
  return records;
}

/// Reads JSON lines with a member "prediction" each.
std::vector<RelationRecord> read_predicted_lines(const fs::path& path) {
  const std::string content = decode_file(read_file(path), "utf-8", path.string());
  std::vector<RelationRecord> records;
  JsonRecords lines(content, path.string());
  for (std::string_view line; lines.next(line);) {
    const Place& place = lines.place();
    const nlohmann::json object = parse_json_object(line, place);
    records.push_back(answered(place, json_id(object, place),
                               json_text(object.value("prediction", nlohmann::json()), "prediction", place)));
  }
  return records;
}

void refuse_repeated_ids(const std::vector<RelationRecord>& records) {
  std::unordered_map<std::string_view, std::int64_t> lines;
  for (const RelationRecord& record : records) {
    const auto [known, is_new] = lines.try_emplace(record.id, record.place.line);
    if (is_new) continue;
    throw DataError("{}: the id {} is also in line {}", record.place.to_string(), shortened(record.id), known->second);
  }
}

/// Throws DataError for a label of no relation that there is.
void check_labels(const std::vector<RelationRecord>& predicted, const RelationFile& gold, const fs::path& file) {
  const auto relations = metrics::semeval_relations();
  std::set<std::string_view> known(relations.begin(), relations.end());
  known.insert("Other");
  for (const RelationRecord& record : gold.records) known.insert(metrics::relation_of(*record.label));
  for (const RelationRecord& record : predicted) {
    if (known.contains(metrics::relation_of(*record.label))) continue;
    throw DataError("{}: {}: expected a relation that the gold labels have, or one of SemEval-2010 Task 8, found '{}'",
                    file.string(), shortened(record.id), shortened(*record.label));
  }
}

}  // namespace

metrics::Report judge_relations(const RelationFile& file, std::span<const LabelAnswer> answers,
                                const std::vector<std::string>& labels) {
  metrics::RelationCounts counts;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    counts.add(*file.records[i].label, labels[answers[i].classes.front()]);
  }
  return metrics::judge_relations(counts);
}

std::vector<ConstantGuess<LabelAnswer>> guess_relations(const RelationFile& file,
                                                        const std::vector<std::string>& labels) {
  std::vector<std::size_t> counts(labels.size());
  for (const RelationRecord& record : file.records) {
    const auto known = std::ranges::find(labels, *record.label);
    if (known != labels.end()) ++counts[static_cast<std::size_t>(known - labels.begin())];
  }
  return guess_labels(labels, counts, file.records.size());
}

void check_relation_answers(const RelationFile& file, const LabelAnswers& label_answers) {
  const std::vector<std::string> names = label_answers.member_names();
  for (const RelationRecord& record : file.records) {
    if (!record.row.empty()) check_new_members(names, record.row, record.place);
  }
}

void write_relation_answers(const RelationFile& file, std::span<const LabelAnswer> answers,
                            const LabelAnswers& label_answers, const fs::path& path) {
  std::string out;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const RelationRecord& record = file.records[i];
    out += record.row.empty() ? fmt::format("{}\t{}", record.id, label_answers.prediction(answers[i]))
                              : add_json_members(record.row, label_answers.json_members(answers[i]));
    out += '\n';
  }
  write_file_atomically(path, out);
}

RelationFile read_relation_gold(const fs::path& path) {
  if (!are_json_lines(path) && read_file(path).find("<e1>") == std::string::npos) {
    RelationFile key{.records = read_key(path)};
    refuse_repeated_ids(key.records);
    return key;
  }
  RelationFile file = read_relations(path);
  if (file.is_labelled() || file.records.empty()) return file;
  throw DataError("{}: the sentence has no label to score by", file.records.front().place.to_string());
}

std::vector<std::string> read_relation_labels(const RelationFile& gold, const ScoreFiles& files) {
  const fs::path& path = files.predictions;
  const std::vector<RelationRecord> predicted = are_json_lines(path) ? read_predicted_lines(path) : read_key(path);
  refuse_repeated_ids(predicted);
  check_labels(predicted, gold, path);
  std::unordered_map<std::string_view, const RelationRecord*> by_id;
  for (const RelationRecord& record : predicted) by_id.emplace(record.id, &record);
  std::vector<std::string> labels;
  for (const RelationRecord& record : gold.records) {
    const auto found = by_id.find(record.id);
    if (found == by_id.end()) throw DataError("{}: no answer for the sentence {}", path.string(), shortened(record.id));
    labels.push_back(*found->second->label);
    by_id.erase(found);
  }
  const auto extra = std::ranges::find_if(predicted, [&](const auto& record) { return by_id.contains(record.id); });
  if (extra == predicted.end()) return labels;
  throw DataError("{}: {} has no sentence {}", path.string(), files.gold.string(), shortened(extra->id));
}

}  // namespace albert::tasks
