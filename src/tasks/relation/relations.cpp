#include "tasks/relation/relations.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/file.h"
#include "metrics/relations.h"
#include "tasks/common/decoding.h"
#include "tasks/common/json_object.h"
#include "tasks/common/lines.h"
#include "tasks/common/table.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

bool is_json_lines(const fs::path& file) {
  const std::string extension = file.extension().string();
  return extension == ".jsonl" || extension == ".ndjson" || extension == ".json";
}

/// A labelled file of sentences, or a key.
RelationAnswers read_gold(const fs::path& file) {
  if (!is_json_lines(file)) {
    const std::string text = read_file(file);
    if (text.find("<e1>") == std::string::npos) return read_relation_answers(file);
  }
  RelationAnswers answers;
  for (const RelationRecord& record : read_relations(file).records) {
    if (!record.label) throw DataError("{}: the sentence has no label to score by", record.place.to_string());
    answers.emplace_back(record.id, *record.label);
  }
  return answers;
}

}  // namespace

RelationFile read_relations(const fs::path& path) {
  RelationFile file = is_json_lines(path) ? read_relation_lines(path) : read_semeval_relations(path);
  std::set<std::string_view> ids;
  for (const RelationRecord& record : file.records) {
    if (!ids.insert(record.id).second) {
      throw DataError("{}: the id {} occurs twice", record.place.to_string(), record.id);
    }
    if (record.label.has_value() == file.is_labelled()) continue;
    throw DataError("{}: {} label, but the first sentence of the file has {}; expected labels of all or of none",
                    record.place.to_string(), record.label ? "it has a" : "it has no", record.label ? "none" : "one");
  }
  return file;
}

void write_relation_answers(const fs::path& file, const RelationAnswers& answers) {
  std::string out;
  for (const auto& [id, label] : answers) out += fmt::format("{}\t{}\n", id, label);
  write_file_atomically(file, out);
}

RelationAnswers read_relation_answers(const fs::path& path) {
  const std::string text = decode_file(read_file(path), "utf-8", path.string());
  TableReader reader(text, {.separator = '\t'}, path.string());
  RelationAnswers answers;
  std::unordered_map<std::string, std::int64_t> lines;
  TableRow row;
  while (reader.next(row)) {
    const Place place{.file = path.string(), .line = row.line, .id = {}};
    if (row.fields.size() != 2) {
      throw DataError("{}: expected an id, a tab and a label, found {} columns", place.to_string(), row.fields.size());
    }
    const auto [known, is_new] = lines.try_emplace(row.fields[0], row.line);
    if (!is_new) throw DataError("{}: the id {} is also in line {}", place.to_string(), row.fields[0], known->second);
    answers.emplace_back(row.fields[0], text::trim(row.fields[1]));
  }
  return answers;
}

namespace {

/// Throws DataError for a label of no relation that there is. \param gold the labels of the gold file
void check_labels(const RelationAnswers& answers, const RelationAnswers& gold, const fs::path& file) {
  const auto relations = metrics::semeval_relations();
  std::set<std::string_view> known(relations.begin(), relations.end());
  known.insert("Other");
  for (const auto& [id, label] : gold) known.insert(metrics::relation_of(label));
  for (const auto& [id, label] : answers) {
    if (known.contains(metrics::relation_of(label))) continue;
    throw DataError("{}: {}: expected a relation that the gold labels have, or one of SemEval-2010 Task 8, found '{}'",
                    file.string(), id, label);
  }
}

/// Lines of an id, a tab and a label, or JSON lines with a member "prediction" each.
RelationAnswers read_predicted(const fs::path& path) {
  if (!is_json_lines(path)) return read_relation_answers(path);
  const std::string content = decode_file(read_file(path), "utf-8", path.string());
  RelationAnswers answers;
  TextLines lines(content);
  for (std::string_view line; lines.next(line);) {
    if (text::trim(line).empty()) continue;
    const Place place{.file = path.string(), .line = lines.number(), .id = {}};
    const nlohmann::json object = parse_json_object(line, place);
    answers.emplace_back(json_id(object, place),
                         json_text(object.value("prediction", nlohmann::json()), "prediction", place));
  }
  return answers;
}

}  // namespace

metrics::Report score_relations(const fs::path& gold, const fs::path& predictions) {
  const RelationAnswers right = read_gold(gold);
  const RelationAnswers predicted = read_predicted(predictions);
  check_labels(predicted, right, predictions);
  std::unordered_map<std::string, std::string> answers(predicted.begin(), predicted.end());
  metrics::RelationCounts counts;
  for (const auto& [id, label] : right) {
    const auto found = answers.find(id);
    if (found == answers.end()) throw DataError("{}: no answer for the sentence {}", predictions.string(), id);
    counts.add(label, found->second);
    answers.erase(found);
  }
  if (!answers.empty()) {
    throw DataError("{}: {} has no sentence {}", predictions.string(), gold.string(), answers.begin()->first);
  }
  return metrics::judge_relations(counts);
}

}  // namespace albert::tasks
