#include "datasets/score/texts.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "datasets/score/labels.h"
#include "datasets/text/columns.h"
#include "datasets/text/reader.h"
#include "metrics/multilabel.h"
#include "text/whitespace.h"

namespace albert::datasets {

namespace {

namespace fs = std::filesystem;

bool are_numbers(const std::vector<std::string>& columns) {
  return std::ranges::all_of(columns, [](const std::string& column) { return column_number(column).has_value(); });
}

/// \param header whether there is one, if that was said
std::vector<TextRecord> read_columns(const fs::path& file, const std::vector<std::string>& columns,
                                     std::optional<HeaderRow> header, const std::string& encoding) {
  TextFormat format;
  format.rows = row_format_by_name(file);
  format.encoding = encoding;
  format.header = header.value_or(are_numbers(columns) ? HeaderRow::kAbsent : HeaderRow::kPresent);
  for (const std::string& column : columns) format.columns.labels.push_back({column});
  std::vector<TextRecord> records = read_texts(file, format, /*need_labels=*/true).records;
  const bool is_guessed = !header && is_table(format.rows) && format.header == HeaderRow::kAbsent;
  if (!is_guessed || !may_be_header(records)) return records;
  throw DataError("{}: '{}' is of this row alone; if the row names the columns, give --header present, else absent",
                  records.front().place.to_string(), records.front().labels.front());
}

/// The only label of each record.
std::vector<PlacedValue> values_of(const std::vector<TextRecord>& records) {
  std::vector<PlacedValue> values;
  for (const TextRecord& record : records) {
    if (record.labels.size() != 1 || record.labels[0].empty()) {
      throw DataError("{}: expected one value, found {}; score lists of labels as multilabel", record.place.to_string(),
                      record.labels.size() == 1 ? "an empty one" : std::to_string(record.labels.size()));
    }
    values.push_back({record.place, record.labels[0]});
  }
  return values;
}

using LabelSet = std::set<std::string>;

/// \param columns one of lists of labels, or one for each label
LabelSet label_set(const TextRecord& record, const std::vector<std::string>& columns, const std::string& separator) {
  LabelSet labels;
  if (columns.size() == 1) {
    for (const std::string& field : record.labels) {
      for (std::size_t begin = 0; begin <= field.size();) {
        const std::size_t end = separator.empty() ? field.size() : std::min(field.find(separator, begin), field.size());
        const std::string_view label = text::trim(std::string_view(field).substr(begin, end - begin));
        if (!label.empty()) labels.emplace(label);
        begin = end + std::max<std::size_t>(1, separator.size());
      }
    }
    return labels;
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string& field = record.labels[i];
    if (field == "1" || field == "true") {
      labels.insert(columns[i]);
    } else if (field != "0" && field != "false") {
      throw DataError("{}: expected 0 or 1 in the column of the label '{}', found '{}'", record.place.to_string(),
                      columns[i], field);
    }
  }
  return labels;
}

std::vector<LabelSet> label_sets(const std::vector<TextRecord>& records, const std::vector<std::string>& columns,
                                 const std::string& separator) {
  std::vector<LabelSet> sets;
  sets.reserve(records.size());
  for (const TextRecord& record : records) sets.push_back(label_set(record, columns, separator));
  return sets;
}

metrics::Report judge_label_sets(const std::vector<LabelSet>& gold, const std::vector<LabelSet>& predicted,
                                 const std::vector<std::string>& columns) {
  LabelSet all;
  if (columns.size() > 1) all.insert(columns.begin(), columns.end());
  for (const auto* sets : {&gold, &predicted}) {
    for (const LabelSet& set : *sets) all.insert(set.begin(), set.end());
  }
  const std::vector<std::string> labels(all.begin(), all.end());
  const auto marks = [&](const LabelSet& set) {
    std::vector<bool> has(labels.size());
    std::transform(labels.begin(), labels.end(), has.begin(),
                   [&](const std::string& label) { return set.contains(label); });
    return has;
  };
  metrics::MultilabelCounts counts(static_cast<std::int64_t>(labels.size()));
  for (std::size_t i = 0; i < gold.size(); ++i) counts.add(marks(gold[i]), marks(predicted[i]));
  return metrics::judge_multilabel(counts, labels);
}

}  // namespace

metrics::Report score_texts(TextJudgement judgement, const TextScoreFiles& files) {
  const std::vector<TextRecord> gold = read_columns(files.gold, files.label, files.header, files.encoding);
  const std::vector<TextRecord> predicted = read_columns(files.predictions, {files.prediction}, files.header, "utf-8");
  if (gold.size() != predicted.size()) {
    throw DataError(
        "{}: expected {} predictions, one for each row of {}, found {}; if it holds the label column too, "
        "give it as the gold file",
        files.predictions.string(), gold.size(), files.gold.string(), predicted.size());
  }
  if (judgement == TextJudgement::kMultilabel) {
    return judge_label_sets(label_sets(gold, files.label, files.separator),
                            label_sets(predicted, {files.prediction}, ","), files.label);
  }
  const std::vector<PlacedValue> right = values_of(gold);
  const std::vector<PlacedValue> found = values_of(predicted);
  return judgement == TextJudgement::kRegression ? judge_numbers(right, found)
                                                 : judge_labels(right, found, labels_in(right, found));
}

}  // namespace albert::datasets
