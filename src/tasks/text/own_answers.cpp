#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/shown.h"
#include "tasks/common/json_object.h"
#include "tasks/common/tab_columns.h"
#include "tasks/text/answer_files.h"
#include "tasks/text/columns.h"
#include "tasks/text/files.h"
#include "tasks/text/glue_answers.h"
#include "tasks/text/readers.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

/// How predictions are read.
struct PredictionFormat {
  TextFormat rows;
  std::optional<std::string> column;  ///< nothing: they stand behind the rows of the gold file
};

/// Whether predictions begin as the gold file does: then they are in its format, whatever their name ends in, since
/// `evaluate` writes them so.
bool begin_as(const TextFile& gold, std::string_view content) {
  if (gold.rows == RowFormat::kJsonl)
    return text::trim(content).starts_with('{') || text::trim(content).starts_with('[');
  const std::string& first = gold.header.empty() ? gold.records.front().row : gold.header;
  return content.starts_with(first + gold.dialect.separator);
}

std::string_view first_line(std::string_view content) {
  return content.substr(0, content.find_first_of("\r\n"));
}

/// Whether predictions are nothing but a label a line.
bool are_bare(std::string_view content, TableDialect dialect) {
  const std::string_view first = first_line(content);
  return first != kPredictionColumn && first.find(dialect.separator) == std::string_view::npos &&
         !first.starts_with('{') && !first.starts_with('[');
}

/// Whether the columns of predictions by another program may be apart as those of the gold file are.
bool first_line_has(std::string_view content, char delimiter) {
  return first_line(content).find(delimiter) != std::string_view::npos;
}

PredictionFormat prediction_format(const TextSettings& settings, const ScoreFiles& files, const TextFile& gold) {
  PredictionFormat format{.rows = TextFiles(settings).format_of(files.gold), .column = files.column};
  const std::string content = read_file(files.predictions);
  if (!begin_as(gold, content)) {
    format.rows = TextFiles(settings).format_of(files.predictions);
    if (!first_line_has(content, dialect_of(format.rows).separator)) format.rows.delimiter.reset();
  }
  format.rows.encoding = "utf-8";
  format.rows.columns = {};
  if (!format.column && !begin_as(gold, content) && are_bare(content, dialect_of(format.rows))) {
    format.rows.rows = RowFormat::kTsv;
    format.rows.header = HeaderRow::kAbsent;
    format.column = "1";
  }
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
  format.rows.columns.id = index_columns(settings);
  std::erase(format.rows.columns.id, *format.column);
  return format;
}

void check_number(const TextFile& gold, const TextFile& predicted, const ScoreFiles& files) {
  if (gold.records.size() == predicted.records.size()) return;
  throw DataError(
      "{}: expected {} predictions, one for each row of {}, found {}; if it holds the label column too, "
      "give it as the gold file",
      files.predictions.string(), gold.records.size(), files.gold.string(), predicted.records.size());
}

[[noreturn]] void refuse_row(const TextRecord& gold, const TextRecord& predicted, const std::string& hint) {
  throw DataError("{}: expected the row of {} with a prediction, found another row{}", predicted.place.to_string(),
                  gold.place.to_string(), hint);
}

/// The values of a row by the names of its columns or members; floating-point numbers, which may be written in several
/// ways, are left out.
std::map<std::string, std::string> values_of(const TextRecord& record, const TextFile& file, const TableRow& names) {
  std::map<std::string, std::string> values;
  if (file.rows == RowFormat::kJsonl) {
    const nlohmann::json object = parse_json_object(record.row, record.place);
    for (const auto& member : object.items()) {
      const nlohmann::json& value = member.value();
      if (!value.is_number_float())
        values[member.key()] = value.is_string() ? value.get<std::string>() : dump_json(value);
    }
    return values;
  }
  if (names.fields.empty()) return values;
  const std::vector<std::string> fields = split_row(record.row, file.dialect, record.place);
  for (std::size_t i = 0; i < std::min(fields.size(), names.fields.size()); ++i) values[names.fields[i]] = fields[i];
  return values;
}

TableRow names_of(const TextFile& file) {
  TableRow names;
  if (!file.header.empty()) TableReader(file.header, file.dialect, "").next(names);
  return names;
}

/// What predictions repeat of the gold file, they repeat row by row: of columns and members that both have, each but
/// that of the prediction holds the same.
void check_repeated_values(const TextFile& gold, const TextFile& predicted, const std::string& column) {
  const TableRow gold_names = names_of(gold);
  const TableRow predicted_names = names_of(predicted);
  const auto number = column_number(column);
  const std::string& of_prediction =
      number && *number < predicted_names.fields.size() ? predicted_names.fields[*number] : column;
  for (std::size_t i = 0; i < gold.records.size(); ++i) {
    const auto right = values_of(gold.records[i], gold, gold_names);
    for (const auto& [name, value] : values_of(predicted.records[i], predicted, predicted_names)) {
      const auto found = right.find(name);
      if (name == of_prediction || found == right.end() || found->second == value) continue;
      refuse_row(gold.records[i], predicted.records[i], fmt::format(": '{}' differs", shortened(name)));
    }
  }
}

/// [records] the index of each; none where one has none.
std::vector<std::string> known_indices(const std::vector<TextRecord>& records) {
  std::vector<std::string> indices(records.size());
  std::ranges::transform(records, indices.begin(), &TextRecord::id);
  if (std::ranges::find(indices, "") != indices.end()) indices.clear();
  return indices;
}

std::vector<std::string> numbers_from(std::size_t first, std::size_t count) {
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < count; ++i) numbers.push_back(std::to_string(first + i));
  return numbers;
}

/// Throws if predictions without an index are of rows that have one, and nothing else in them tells which row is which.
void check_order(const TextFile& gold, const TextFile& predicted, const std::vector<std::string>& indices) {
  const bool are_numbers = indices == numbers_from(0, indices.size()) || indices == numbers_from(1, indices.size());
  const bool are_bare = predicted.rows != RowFormat::kJsonl && predicted.header.empty();
  if (are_numbers || are_bare) return;
  const auto right = values_of(gold.records.front(), gold, names_of(gold));
  const auto there = values_of(predicted.records.front(), predicted, names_of(predicted));
  if (std::ranges::any_of(there, [&](const auto& value) { return right.contains(value.first); })) return;
  throw DataError(
      "{}: its rows have no index, and those of {} are known by theirs (the first is '{}'): nothing tells which is "
      "which; add that column, or give the predictions alone, one a line in the same order",
      predicted.records.front().place.file, gold.records.front().place.file, shortened(indices.front()));
}

/// Puts predictions that have an index into the order of the gold rows: by these rows' own, else by their numbers from 0
/// or from 1.
void match_by_index(const TextFile& gold, TextFile& predicted) {
  const std::vector<std::string> indices = known_indices(predicted.records);
  std::vector<std::string> wanted = known_indices(gold.records);
  if (indices.empty()) {
    if (!wanted.empty()) check_order(gold, predicted, wanted);
    return;
  }
  std::string hint;
  const std::set<std::string_view> known(wanted.begin(), wanted.end());
  if (std::ranges::none_of(indices, [&](const std::string& index) { return known.contains(index); })) {
    hint = known.empty() ? "; its rows have no index, so they are known by their numbers" : "";
    wanted = numbers_from(std::ranges::find(indices, "0") == indices.end() ? 1 : 0, gold.records.size());
  }
  predicted.records = in_order_of(wanted, std::move(predicted.records), indices, gold.records.front().place.file, hint);
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
std::vector<std::string> labels_with_probabilities(const TextFile& predicted) {
  std::vector<std::string> labels;
  if (predicted.rows == RowFormat::kJsonl) {
    const auto object = read_ordered_json(predicted.records.front().row);
    const auto found = object.find(kProbabilitiesMember);
    if (found == object.end() || !found->is_object()) return labels;
    for (const auto& member : found->items()) labels.push_back(member.key());
    return labels;
  }
  TableRow names;
  if (!TableReader(predicted.header, predicted.dialect, "").next(names)) return labels;
  for (const std::string& name : names.fields) {
    if (name.starts_with(kProbabilityColumn)) labels.push_back(name.substr(kProbabilityColumn.size()));
  }
  return labels;
}

/// Puts the column behind those of each gold row where the label would be.
void take_columns_behind(const TextFile& gold, TextFile& predicted) {
  for (std::size_t i = 0; i < gold.records.size(); ++i) {
    const TextRecord& record = predicted.records[i];
    predicted.records[i].labels = {column_behind(gold.records[i], record, predicted.dialect)};
  }
}

}  // namespace

ColumnNames index_columns(const TextSettings& settings) {
  ColumnNames names = kIndexNames;
  std::erase_if(names, [&](const std::string& name) {
    return name == settings.text || name == settings.second_text ||
           std::ranges::find(settings.label, name) != settings.label.end();
  });
  return names;
}

WrittenAnswers read_own_answers(const TextSettings& settings, const TextFile& gold, const ScoreFiles& files) {
  const PredictionFormat format = prediction_format(settings, files, gold);
  TextFile predicted = read_texts(files.predictions, format.rows, /*need_labels=*/format.column.has_value());
  check_number(gold, predicted, files);
  const bool is_json = predicted.rows == RowFormat::kJsonl;
  if (!format.column) {
    take_columns_behind(gold, predicted);
  } else {
    match_by_index(gold, predicted);
    check_repeated_values(gold, predicted, *format.column);
  }
  std::vector<std::string> labels = labels_with_probabilities(predicted);
  return {.file = files.predictions.string(),
          .records = std::move(predicted.records),
          .labels = std::move(labels),
          .are_lists = is_json};
}

}  // namespace albert::tasks
