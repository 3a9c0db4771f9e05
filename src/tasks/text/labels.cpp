#include "tasks/text/labels.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>
#include <utility>

#include <spdlog/fmt/fmt.h>

#include "base/error.h"
#include "base/shown.h"
#include "tasks/common/written_list.h"
#include "tasks/common/written_number.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

using Labels = std::vector<std::string>;

const std::string& only_label(const TextRecord& record, const TextSettings& settings) {
  const bool may_be_multilabel = !settings.glue && settings.prefix == TextSettings::kPrefix;
  const char* hint = may_be_multilabel ? "; for texts with several labels set task.text.output: multilabel" : "";
  if (record.labels.size() != 1) {
    throw DataError("{}: expected one label, found {}{}", record.place.to_string(), record.labels.size(), hint);
  }
  const std::string& label = record.labels.front();
  if (settings.kind_of_output() == TextOutput::kRegression) return label;
  if (label.empty()) throw DataError("{}: the label is empty", record.place.to_string());
  if (!record.labels_are_list && parse_written_list(label)) {
    throw DataError("{}: the label '{}' is a written list{}", record.place.to_string(), shortened(label), hint);
  }
  return label;
}

bool is_true(const std::string& field, const std::string& label, const Place& place) {
  if (const auto truth = truth_of(field)) return *truth;
  throw DataError("{}: expected 0 or 1 in the column of the label '{}', found '{}'", place.to_string(),
                  shortened(label), shortened(field));
}

/// The loss is of squares, which a number of 32 bits must hold, also many of them.
constexpr double kLargestLabel = 1e18;

float number(const std::string& field, const Place& place, const TextSettings& settings) {
  const auto value = written_number(field);
  if (!value) {
    refuse_number(
        field, place, "in the label column",
        {.missing = kAdviceWithoutLabel,
         .first_line = fmt::format("; if this row names the columns, set {}header: present", settings.prefix)});
  }
  if (std::abs(*value) <= kLargestLabel) return static_cast<float>(*value);
  throw DataError("{}: the number {} in the label column is too large to learn: expected at most {:g}",
                  place.to_string(), shortened(field), kLargestLabel);
}

Labels split_labels(std::string_view field, const std::string& separator) {
  Labels labels;
  while (!field.empty()) {
    const std::size_t end = separator.empty() ? field.size() : std::min(field.find(separator), field.size());
    if (const std::string_view label = text::trim(field.substr(0, end)); !label.empty()) labels.emplace_back(label);
    field.remove_prefix(std::min(end + separator.size(), field.size()));
  }
  return labels;
}

/// A list that nobody meant to be the name of a label, but that cannot be read either.
void refuse_broken_list(std::string_view field, const Place& place) {
  const std::string_view text = text::trim(field);
  const bool is_cut = text.starts_with("['") || text.starts_with("[\"");
  const bool has_elements = text.find_first_of("'\",") != std::string_view::npos;
  if (!is_cut && !(text.starts_with('[') && text.ends_with(']') && has_elements)) return;
  throw DataError(
      R"({}: '{}' looks like a list of labels, but cannot be read as one; expected ['a', 'b'] or ["a", "b"])",
      place.to_string(), shortened(text));
}

/// The list of a record, if its labels are one.
std::optional<Labels> list_of(const TextRecord& record) {
  if (record.labels_are_list) return record.labels;
  return record.labels.size() == 1 ? parse_written_list(record.labels.front()) : std::nullopt;
}

/// Those of the known labels that a list of 0 and 1 marks.
Labels marked(const Labels& marks, const Labels& known, const Place& place) {
  if (marks.size() != known.size()) {
    throw DataError("{}: a list of {} numbers 0 and 1, but there are {} labels: {}", place.to_string(), marks.size(),
                    known.size(), listed(known));
  }
  Labels labels;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (*truth_of(marks[i])) labels.push_back(known[i]);
  }
  return labels;
}

/// Whether 0, 1, true and the like are names of labels themselves.
bool are_names(const Labels& known) {
  return known.empty() || std::ranges::any_of(known, [](const auto& label) { return truth_of(label).has_value(); });
}

}  // namespace

Labels labels_of(const TextRecord& record, const TextSettings& settings, const Labels& known) {
  if (settings.output != TextOutput::kMultilabel) return {only_label(record, settings)};
  const std::optional<Labels> list = list_of(record);
  if (!list) {
    Labels labels;
    for (const std::string& field : record.labels) {
      refuse_broken_list(field, record.place);
      std::ranges::move(split_labels(field, settings.label_separator), std::back_inserter(labels));
    }
    return labels;
  }
  if (are_marks(*list) && !are_names(known)) return marked(*list, known, record.place);
  if (std::ranges::find(*list, "") != list->end()) throw DataError("{}: a label is empty", record.place.to_string());
  return *list;
}

void count_text_labels(const TextFile& file, const TextSettings& settings, const Labels& known, LabelCheck& labels) {
  if (settings.kind_of_output() == TextOutput::kRegression || settings.labels_are_columns()) return;
  for (const TextRecord& record : file.records) {
    for (const std::string& label : labels_of(record, settings, known)) labels.add(label, record.place);
  }
}

Labels with_unseen_labels(const Labels& known, const std::vector<TextRecord>& records, const TextSettings& settings) {
  if (settings.labels_are_columns()) return known;
  std::set<std::string> unseen;
  for (const TextRecord& record : records) {
    Labels labels = labels_of(record, settings, known);
    unseen.insert(std::move_iterator(labels.begin()), std::move_iterator(labels.end()));
  }
  for (const std::string& label : known) unseen.erase(label);
  Labels all = known;
  all.insert(all.end(), unseen.begin(), unseen.end());
  return all;
}

TextLabels::TextLabels(const TextSettings& settings, std::vector<std::string> labels)
    : settings_(settings), labels_(std::move(labels)) {
  for (std::size_t i = 0; i < labels_.size(); ++i) classes_.emplace(labels_[i], i);
}

void TextLabels::set(const TextRecord& record, model::Item& item) const {
  switch (settings_.kind_of_output()) {
    case TextOutput::kRegression:
      item.values = {number(only_label(record, settings_), record.place, settings_)};
      return;
    case TextOutput::kClassification:
      if (const auto known = class_of(record)) item.labels = {*known};
      return;
    case TextOutput::kMultilabel:
      break;
  }
  const std::vector<bool> has_label = marks(record);
  item.values.assign(has_label.begin(), has_label.end());
}

std::optional<std::int64_t> TextLabels::class_of(const TextRecord& record) const {
  const auto found = classes_.find(only_label(record, settings_));
  if (found == classes_.end()) return std::nullopt;
  return static_cast<std::int64_t>(found->second);
}

std::vector<bool> TextLabels::marks(const TextRecord& record) const {
  std::vector<bool> has_label(labels_.size());
  if (settings_.labels_are_columns()) {
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      has_label[i] = is_true(record.labels.at(i), labels_[i], record.place);
    }
    return has_label;
  }
  for (const std::string& label : labels_of(record, settings_, labels_)) {
    const auto found = classes_.find(label);
    if (found != classes_.end()) has_label[found->second] = true;
  }
  return has_label;
}

}  // namespace albert::tasks
