#include "tasks/text/labels.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

const std::string& only_label(const TextRecord& record, const TextSettings& settings) {
  if (record.labels.size() == 1) return record.labels.front();
  const bool may_be_multilabel = !settings.glue && settings.prefix == TextSettings::kPrefix;
  throw DataError("{}: expected one label, found {}{}", record.place.to_string(), record.labels.size(),
                  may_be_multilabel ? "; for texts with several labels set task.text.output: multilabel" : "");
}

bool is_true(const std::string& field, const std::string& label, const Place& place) {
  if (field == "1" || field == "true" || field == "1.0") return true;
  if (field == "0" || field == "false" || field == "0.0") return false;
  throw DataError("{}: expected 0 or 1 in the column of the label '{}', found '{}'", place.to_string(), label, field);
}

float number(const std::string& field, const Place& place, const TextSettings& settings) {
  const std::string_view text = text::trim(field);
  float value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && std::isfinite(value)) return value;
  throw DataError(
      "{}: expected a number in the label column, found '{}'{}", place.to_string(), field,
      place.line == 1 ? fmt::format("; if this row names the columns, set {}header: present", settings.prefix) : "");
}

/// "'a', 'b'", and no more than a screen shows.
std::string listed(const std::vector<std::string>& labels) {
  constexpr std::size_t kMostShown = 20;
  const std::span<const std::string> shown(labels.data(), std::min(labels.size(), kMostShown));
  return fmt::format("'{}'{}", fmt::join(shown, "', '"), labels.size() > kMostShown ? " ..." : "");
}

/// What a label that is not known may be.
std::string hint_for(const std::string& label, const std::vector<std::string>& known) {
  const bool are_nameless = std::ranges::all_of(known, [](const auto& name) { return name.starts_with("LABEL_"); });
  if (are_nameless) return "; --set 'task.text.labels=[...]' names the model's classes, in their order";
  const std::string near = config::nearest(label, known);
  return near.empty() ? "" : fmt::format("; is it '{}'?", near);
}

}  // namespace

std::vector<std::string> split_labels(const TextRecord& record, const std::string& separator) {
  std::vector<std::string> labels;
  for (const std::string& field : record.labels) {
    std::string_view rest = field;
    while (!rest.empty()) {
      const std::size_t end = separator.empty() ? rest.size() : std::min(rest.find(separator), rest.size());
      if (const std::string_view label = text::trim(rest.substr(0, end)); !label.empty()) labels.emplace_back(label);
      rest.remove_prefix(std::min(end + separator.size(), rest.size()));
    }
  }
  return labels;
}

TextLabels::TextLabels(const TextSettings& settings, std::vector<std::string> labels)
    : settings_(settings), labels_(std::move(labels)) {
  for (std::size_t i = 0; i < labels_.size(); ++i) classes_.emplace(labels_[i], i);
}

std::size_t TextLabels::class_of(const std::string& label, const Place& place) const {
  const auto found = classes_.find(label);
  if (found != classes_.end()) return found->second;
  if (label.empty()) throw DataError("{}: the label is empty", place.to_string());
  throw DataError("{}: the label '{}' is not one of those that the model knows: {}{}", place.to_string(), label,
                  listed(labels_), hint_for(label, labels_));
}

void TextLabels::set(const TextRecord& record, model::Item& item) const {
  switch (settings_.kind_of_output()) {
    case TextOutput::kRegression:
      item.values = {number(only_label(record, settings_), record.place, settings_)};
      return;
    case TextOutput::kClassification:
      item.labels = {class_of(record)};
      return;
    case TextOutput::kMultilabel:
      break;
  }
  const std::vector<bool> has_label = marks(record);
  item.values.assign(has_label.begin(), has_label.end());
}

std::int64_t TextLabels::class_of(const TextRecord& record) const {
  return static_cast<std::int64_t>(class_of(only_label(record, settings_), record.place));
}

std::vector<bool> TextLabels::marks(const TextRecord& record) const {
  std::vector<bool> has_label(labels_.size());
  if (settings_.labels_are_columns()) {
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      has_label[i] = is_true(record.labels.at(i), labels_[i], record.place);
    }
  } else {
    for (const std::string& label : split_labels(record, settings_.label_separator)) {
      has_label[class_of(label, record.place)] = true;
    }
  }
  return has_label;
}

}  // namespace albert::tasks
