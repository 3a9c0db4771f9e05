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
#include "base/utf8.h"
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
  const std::string bytes = read_file(files.predictions);
  std::string_view content = bytes;
  if (content.starts_with(kByteOrderMark)) content.remove_prefix(kByteOrderMark.size());
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

/// The columns by which the rows of one's own files may be known: GLUE's, unless they hold something else.
ColumnNames index_columns(const TextSettings& settings, const std::string& prediction) {
  ColumnNames names = kIndexNames;
  std::erase_if(names, [&](const std::string& name) {
    return name == prediction || name == settings.text || name == settings.second_text ||
           std::ranges::find(settings.label, name) != settings.label.end();
  });
  return names;
}

/// What a member says of which record it is: a text or a whole number; empty for all else.
std::string index_of(const nlohmann::json& object, const std::string& name) {
  const auto found = object.find(name);
  if (found == object.end()) return "";
  if (found->is_string()) return found->get<std::string>();
  if (found->is_number_integer()) return found->dump();
  const auto number = whole_json_number(*found);
  return number ? std::to_string(*number) : "";
}

/// [records] the index of each by the column or member of a name; none where one has none. Nobody has asked for such a
/// column: two of the name, or values that are no index, are none.
std::vector<std::string> indices_by(const std::string& name, const TextFile& file) {
  std::vector<std::string> indices;
  const std::vector<std::string> names = names_of(file).fields;
  const auto column = static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
  if (file.rows != RowFormat::kJsonl && std::ranges::count(names, name) != 1) return indices;
  for (const TextRecord& record : file.records) {
    if (file.rows == RowFormat::kJsonl) {
      indices.push_back(index_of(parse_json_object(record.row, record.place), name));
    } else {
      const std::vector<std::string> fields = split_row(record.row, file.dialect, record.place);
      indices.push_back(column < fields.size() ? fields[column] : "");
    }
    if (indices.back().empty()) return {};
  }
  return indices;
}

/// Indices of rows, by whichever column or member.
struct Indices {
  std::string name;
  std::vector<std::string> values;  ///< [records], or none
};

/// By the first of the names that the rows have.
Indices first_indices(const ColumnNames& names, const TextFile& file) {
  for (const std::string& name : names) {
    Indices indices{name, indices_by(name, file)};
    if (!indices.values.empty()) return indices;
  }
  return {};
}

std::vector<std::string> numbers_from(std::size_t first, std::size_t count) {
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < count; ++i) numbers.push_back(std::to_string(first + i));
  return numbers;
}

/// Whether rows have nothing beside the prediction: then their order tells which is which.
bool holds_predictions_only(const TextFile& predicted) {
  const TextRecord& first = predicted.records.front();
  if (predicted.rows == RowFormat::kJsonl) return parse_json_object(first.row, first.place).size() == 1;
  return predicted.header.empty() || names_of(predicted).fields.size() == 1;
}

/// Throws if predictions without an index are of rows that have one, and nothing else in them tells which row is which.
void check_order(const TextFile& gold, const TextFile& predicted, const std::vector<std::string>& indices) {
  const bool are_numbers = indices == numbers_from(0, indices.size()) || indices == numbers_from(1, indices.size());
  if (are_numbers || holds_predictions_only(predicted)) return;
  const auto right = values_of(gold.records.front(), gold, names_of(gold));
  const auto there = values_of(predicted.records.front(), predicted, names_of(predicted));
  if (std::ranges::any_of(there, [&](const auto& value) { return right.contains(value.first); })) return;
  throw DataError(
      "{}: its rows have no index, and those of {} are known by theirs (the first is '{}'): nothing tells which is "
      "which; add that column, or give the predictions alone, one a line in the same order",
      predicted.records.front().place.file, gold.records.front().place.file, shortened(indices.front()));
}

/// The indices by which predictions are matched, and what is wanted of them.
struct Matching {
  Indices indices = {};                  ///< of the predictions
  std::vector<std::string> wanted = {};  ///< [gold records]
  std::string hint = {};                 ///< more that a message says
};

/// An index of the predictions is one of the gold rows where both have its name; else it is the number of a row, from 0
/// or from 1.
Matching matching_of(const TextFile& gold, const TextFile& predicted, const ColumnNames& names) {
  for (const std::string& name : names) {
    Matching matching{.indices = {name, indices_by(name, predicted)}, .wanted = indices_by(name, gold)};
    const std::set<std::string_view> known(matching.wanted.begin(), matching.wanted.end());
    if (std::ranges::any_of(matching.indices.values, [&](const auto& index) { return known.contains(index); }))
      return matching;
  }
  Matching by_number{.indices = first_indices(names, predicted)};
  const bool from_zero = std::ranges::find(by_number.indices.values, "0") != by_number.indices.values.end();
  by_number.wanted = numbers_from(from_zero ? 0 : 1, gold.records.size());
  if (indices_by(by_number.indices.name, gold).empty()) {
    by_number.hint = fmt::format("; its rows have no '{}', so they are known by their numbers", by_number.indices.name);
  }
  return by_number;
}

/// Puts predictions that have an index into the order of the gold rows.
/// \param names of the columns or members that may be one
void match_by_index(const TextFile& gold, TextFile& predicted, const ColumnNames& names) {
  const Matching matching = matching_of(gold, predicted, names);
  if (matching.indices.values.empty()) {
    const Indices known = first_indices(names, gold);
    if (!known.values.empty()) check_order(gold, predicted, known.values);
    return;
  }
  predicted.records = in_order_of(matching.wanted, std::move(predicted.records), matching.indices.values,
                                  gold.records.front().place.file, matching.hint);
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

WrittenAnswers read_own_answers(const TextSettings& settings, const TextFile& gold, const ScoreFiles& files) {
  const PredictionFormat format = prediction_format(settings, files, gold);
  TextFile predicted = read_texts(files.predictions, format.rows, /*need_labels=*/format.column.has_value());
  check_number(gold, predicted, files);
  const bool is_json = predicted.rows == RowFormat::kJsonl;
  if (!format.column) {
    take_columns_behind(gold, predicted);
  } else {
    match_by_index(gold, predicted, index_columns(settings, *format.column));
    check_repeated_values(gold, predicted, *format.column);
  }
  std::vector<std::string> labels = labels_with_probabilities(predicted);
  return {.file = files.predictions.string(),
          .records = std::move(predicted.records),
          .labels = std::move(labels),
          .are_lists = is_json};
}

}  // namespace albert::tasks
