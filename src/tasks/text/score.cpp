#include "tasks/text/score.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "metrics/multilabel.h"
#include "tasks/common/json_object.h"
#include "tasks/common/label_answers.h"
#include "tasks/text/columns.h"
#include "tasks/text/files.h"
#include "tasks/text/glue_score.h"
#include "tasks/text/label_score.h"
#include "tasks/text/labels.h"
#include "tasks/text/reader.h"

namespace albert::tasks {

namespace {

/// What is right; the texts themselves need not be there.
TextFile read_gold(const TextConfig& config, const fs::path& file) {
  TextFormat format = TextFiles(config).format_of(file);
  format.columns.first.clear();
  format.columns.second.clear();
  TextFile gold = read_texts(file, format, /*need_labels=*/true);
  if (config.output == TextOutput::kClassification) check_first_row(gold.records, config);
  return gold;
}

/// How predictions are read, and by which column; nothing: they stand behind the rows of the gold file.
struct PredictionFormat {
  TextFormat rows;
  std::optional<std::string> column;
};

/// Whether predictions begin as the gold file does: then they are in its format, whatever their name ends in, since
/// `evaluate` writes them so. \param rows of the gold file
bool begin_as(const TextFile& gold, RowFormat rows, const fs::path& predictions) {
  const std::string content = read_file(predictions);
  if (rows == RowFormat::kJsonl) return content.starts_with('{');
  const std::string& first = gold.header.empty() ? gold.records.front().row : gold.header;
  return content.starts_with(first + dialect_of(rows).separator);
}

PredictionFormat prediction_format(const TextConfig& config, const TextScoreFiles& files, const TextFile& gold) {
  PredictionFormat format{.rows = TextFiles(config).format_of(files.gold), .column = files.column};
  if (!begin_as(gold, format.rows.rows, files.predictions))
    format.rows = TextFiles(config).format_of(files.predictions);
  format.rows.encoding = "utf-8";
  format.rows.columns = {};
  const bool has_names = format.rows.rows == RowFormat::kJsonl ||
                         (is_table(format.rows.rows) && format.rows.header == HeaderRow::kPresent);
  if (!format.column && has_names) format.column = std::string(kPredictionColumn);
  if (!format.column) return format;
  if (format.rows.rows == RowFormat::kLabelText) {
    format.rows.rows = RowFormat::kTsv;
    format.rows.header = HeaderRow::kAbsent;
  }
  if (!column_number(*format.column)) format.rows.header = HeaderRow::kPresent;
  format.rows.columns.labels = {{*format.column}};
  return format;
}

void check_number(const TextFile& gold, const TextFile& predicted, const TextScoreFiles& files) {
  if (gold.records.size() == predicted.records.size()) return;
  throw DataError(
      "{}: expected {} predictions, one for each row of {}, found {}; if it holds the label column too, "
      "give it as the gold file",
      files.predictions.string(), gold.records.size(), files.gold.string(), predicted.records.size());
}

[[noreturn]] void refuse_row(const TextRecord& gold, const TextRecord& predicted, const char* hint = "") {
  throw DataError("{}: expected the row of {} with a prediction, found another row{}", predicted.place.to_string(),
                  gold.place.to_string(), hint);
}

/// Whether an object says something else than the gold one. \param column of the prediction, which may be new
bool contradicts(const TextRecord& predicted, const TextRecord& gold, const std::string& column) {
  const nlohmann::json object = parse_json_object(predicted.row, predicted.place);
  const nlohmann::json right = parse_json_object(gold.row, gold.place);
  return std::ranges::any_of(right.items(), [&](const auto& member) {
    const auto found = object.find(member.key());
    return member.key() != column && found != object.end() && *found != member.value();
  });
}

/// Where predictions repeat the gold file, they repeat it row by row.
void check_repeated_rows(const TextFile& gold, const TextFile& predicted, TableDialect dialect) {
  if (gold.header.empty() || !predicted.header.starts_with(gold.header + dialect.separator)) return;
  for (std::size_t i = 0; i < gold.records.size(); ++i) {
    if (predicted.records[i].row.starts_with(gold.records[i].row + dialect.separator)) continue;
    refuse_row(gold.records[i], predicted.records[i]);
  }
}

/// The same for JSON lines, whose objects may leave members out.
void check_repeated_members(const TextFile& gold, const TextFile& predicted, const std::string& column) {
  for (std::size_t i = 0; i < gold.records.size(); ++i) {
    if (contradicts(predicted.records[i], gold.records[i], column)) refuse_row(gold.records[i], predicted.records[i]);
  }
}

/// The first column behind those of the gold row.
std::string column_behind(const TextRecord& gold, const TextRecord& predicted, TableDialect dialect) {
  const std::string begin = gold.row + dialect.separator;
  if (!predicted.row.starts_with(begin)) {
    refuse_row(gold, predicted, "; the column of a file without the texts is named by --prediction");
  }
  const std::string rest = predicted.row.substr(begin.size());
  TableRow row;
  TableReader(rest, dialect, predicted.place.file).next(row);
  return row.fields.empty() ? "" : row.fields.front();
}

/// The labels that predictions have probabilities of.
std::vector<std::string> labels_with_probabilities(const TextFile& predicted, RowFormat rows) {
  std::vector<std::string> labels;
  if (rows == RowFormat::kJsonl) {
    const auto object = nlohmann::ordered_json::parse(predicted.records.front().row);
    const auto found = object.find(kProbabilitiesMember);
    if (found == object.end() || !found->is_object()) return labels;
    for (const auto& member : found->items()) labels.push_back(member.key());
    return labels;
  }
  TableRow names;
  if (!TableReader(predicted.header, dialect_of(rows), "").next(names)) return labels;
  for (const std::string& name : names.fields) {
    if (name.starts_with(kProbabilityColumn)) labels.push_back(name.substr(kProbabilityColumn.size()));
  }
  return labels;
}

using LabelSet = std::set<std::string>;

LabelSet labels_in(const TextComparison& texts, const TextConfig& of_gold, const TextConfig& of_predictions) {
  LabelSet labels;
  const auto add = [&](const std::vector<TextRecord>& records, const TextConfig& config) {
    const bool are_lists = config.output == TextOutput::kMultilabel;
    for (const TextRecord& record : records) {
      const auto found = are_lists ? split_labels(record, config.label_separator) : record.labels;
      labels.insert(found.begin(), found.end());
    }
  };
  add(texts.gold, of_gold);
  add(texts.predicted, of_predictions);
  return labels;
}

/// All labels, by class. \param of_predictions how these are read
std::vector<std::string> labels_of(const TextComparison& texts, const TextConfig& of_gold,
                                   const TextConfig& of_predictions) {
  if (!of_gold.labels.empty()) return of_gold.labels;
  if (of_gold.labels_are_columns()) return of_gold.label;
  return texts.labels.empty() ? in_order(labels_in(texts, of_gold, of_predictions)) : texts.labels;
}

/// Lists of labels in a column can be told apart if none of them holds what stands between them.
void check_separator(const std::vector<std::string>& labels, const std::string& separator, const fs::path& file) {
  const auto found = std::ranges::find_if(labels, [&](const std::string& label) {
    return !separator.empty() && label.find(separator) != std::string::npos;
  });
  if (found == labels.end()) return;
  throw DataError(
      "{}: the label '{}' holds '{}', which stands between the labels of a prediction; have them written with another "
      "task.text.label_separator, or as JSON lines",
      file.string(), *found, separator);
}

metrics::Report judge_label_sets(const TextConfig& config, const TextComparison& texts, const fs::path& predictions) {
  TextConfig of_predictions = config;
  of_predictions.label = {std::string(kPredictionColumn)};
  if (texts.rows_of_predictions != RowFormat::kJsonl) of_predictions.label_separator = config.prediction_separator();
  const std::vector<std::string> labels = labels_of(texts, config, of_predictions);
  check_separator(labels, of_predictions.label_separator, predictions);
  const TextLabels gold(config, labels);
  const TextLabels predicted(of_predictions, labels);
  metrics::MultilabelCounts counts(static_cast<std::int64_t>(labels.size()));
  for (std::size_t i = 0; i < texts.gold.size(); ++i) {
    counts.add(gold.marks(texts.gold[i]), predicted.marks(texts.predicted[i]));
  }
  return metrics::judge_multilabel(counts, labels);
}

}  // namespace

TextComparison read_comparison(const TextConfig& config, const TextScoreFiles& files) {
  TextFile gold = read_gold(config, files.gold);
  const PredictionFormat format = prediction_format(config, files, gold);
  const RowFormat rows = format.rows.rows;
  TextFile predicted = read_texts(files.predictions, format.rows, /*need_labels=*/format.column.has_value());
  check_number(gold, predicted, files);
  if (!format.column) {
    for (std::size_t i = 0; i < gold.records.size(); ++i) {
      predicted.records[i].labels = {column_behind(gold.records[i], predicted.records[i], dialect_of(rows))};
    }
  } else if (rows == TextFiles(config).format_of(files.gold).rows) {
    if (rows == RowFormat::kJsonl) {
      check_repeated_members(gold, predicted, *format.column);
    } else {
      check_repeated_rows(gold, predicted, dialect_of(rows));
    }
  }
  return {.gold = std::move(gold.records),
          .labels = labels_with_probabilities(predicted, rows),
          .predicted = std::move(predicted.records),
          .rows_of_predictions = rows};
}

metrics::Report score_texts(const TextConfig& config, const TextScoreFiles& files) {
  if (config.glue) return score_glue(*config.glue, files.gold, files.predictions);
  const TextComparison texts = read_comparison(config, files);
  switch (config.output) {
    case TextOutput::kMultilabel:
      return judge_label_sets(config, texts, files.predictions);
    case TextOutput::kRegression:
      return judge_numbers(values_of(texts.gold), values_of(texts.predicted));
    case TextOutput::kClassification:
      return judge_labels(values_of(texts.gold), values_of(texts.predicted), labels_of(texts, config, config));
  }
  throw InternalError("no output {}", static_cast<int>(config.output));
}

}  // namespace albert::tasks
