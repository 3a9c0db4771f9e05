#include "tasks/text/labels.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/log.h"
#include "tasks/text/columns.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

const std::string& only_label(const TextRecord& record, const TextConfig& config) {
  if (record.labels.size() == 1) return record.labels.front();
  const bool may_be_multilabel = !config.glue && config.settings == TextConfig::kSettings;
  throw DataError("{}: expected one label, found {}{}", record.place.to_string(), record.labels.size(),
                  may_be_multilabel ? "; for texts with several labels set task.text.output: multilabel" : "");
}

bool is_true(const std::string& field, const std::string& label, const Place& place) {
  if (field == "1" || field == "true" || field == "1.0") return true;
  if (field == "0" || field == "false" || field == "0.0") return false;
  throw DataError("{}: expected 0 or 1 in the column of the label '{}', found '{}'", place.to_string(), label, field);
}

float number(const std::string& field, const Place& place, const TextConfig& config) {
  const auto value = parse_number<float>(text::trim(field));
  if (value && std::isfinite(*value)) return *value;
  throw DataError(
      "{}: expected a number in the label column, found '{}'{}", place.to_string(), field,
      place.line == 1 ? fmt::format("; if this row names the columns, set {}header: present", config.settings) : "");
}

/// "'a', 'b'", and no more than a screen shows.
std::string listed(const std::vector<std::string>& labels) {
  constexpr std::size_t kMostShown = 20;
  const std::span<const std::string> shown(labels.data(), std::min(labels.size(), kMostShown));
  return fmt::format("'{}'{}", fmt::join(shown, "', '"), labels.size() > kMostShown ? " ..." : "");
}

/// A blank that nobody sees makes another class.
void warn_of_white_space(const std::vector<std::string>& labels) {
  for (const std::string& label : labels) {
    const std::string_view bare = text::trim(label);
    if (bare == label || std::ranges::find(labels, bare) == labels.end()) continue;
    log_warning("the labels '{}' and '{}' are two classes that differ in white space only; is that meant?", bare,
                label);
  }
}

/// What a label that is not known may be.
std::string hint_for(const std::string& label, const std::vector<std::string>& known) {
  const bool are_nameless = std::ranges::all_of(known, [](const auto& name) { return name.starts_with("LABEL_"); });
  if (are_nameless) return "; --set task.text.labels=[...] names the model's classes, in their order";
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

TextLabels::TextLabels(const TextConfig& config, const std::vector<std::string>& labels)
    : config_(config), labels_(labels) {
  for (std::size_t i = 0; i < labels.size(); ++i) classes_.emplace(labels[i], i);
}

std::size_t TextLabels::class_of(const std::string& label, const Place& place) const {
  const auto found = classes_.find(label);
  if (found != classes_.end()) return found->second;
  if (label.empty()) throw DataError("{}: the label is empty", place.to_string());
  throw DataError("{}: the label '{}' is not one of those that the model knows: {}{}", place.to_string(), label,
                  listed(labels_), hint_for(label, labels_));
}

void TextLabels::set(const TextRecord& record, model::Item& item) const {
  switch (config_.kind_of_output()) {
    case TextOutput::kRegression:
      item.values = {number(only_label(record, config_), record.place, config_)};
      return;
    case TextOutput::kClassification:
      item.labels = {static_cast<std::int64_t>(class_of(only_label(record, config_), record.place))};
      return;
    case TextOutput::kMultilabel:
      break;
  }
  const std::vector<bool> has_label = marks(record);
  item.values.assign(has_label.begin(), has_label.end());
}

std::vector<bool> TextLabels::marks(const TextRecord& record) const {
  std::vector<bool> has_label(labels_.size());
  if (config_.labels_are_columns()) {
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      has_label[i] = is_true(record.labels.at(i), labels_[i], record.place);
    }
  } else {
    for (const std::string& label : split_labels(record, config_.label_separator)) {
      has_label[class_of(label, record.place)] = true;
    }
  }
  return has_label;
}

void check_first_row(const std::vector<TextRecord>& records, const TextConfig& config) {
  const bool is_guessed =
      config.header == HeaderChoice::kByColumns && config.label.size() == 1 && column_number(config.label.front());
  if (!is_guessed || !may_be_header(records)) return;
  throw DataError(
      "{}: the label '{}' is of this row alone; if the row names the columns, set {}header: present, else absent",
      records.front().place.to_string(), records.front().labels.front(), config.settings);
}

std::vector<std::string> in_order(const std::set<std::string>& labels) {
  std::vector<std::string> ordered(labels.begin(), labels.end());
  const auto number = [](const std::string& label) { return parse_number<std::int64_t>(label); };
  if (std::ranges::all_of(ordered, [&](const std::string& label) { return number(label).has_value(); })) {
    std::ranges::stable_sort(ordered, {}, number);
  }
  return ordered;
}

bool are_placeholders(const std::vector<TextRecord>& records, const std::vector<std::string>& labels,
                      const TextConfig& config) {
  if (config.kind_of_output() == TextOutput::kMultilabel) return false;
  const bool is_number = config.kind_of_output() == TextOutput::kRegression;
  return std::ranges::all_of(records, [&](const TextRecord& record) {
    if (record.labels.size() != 1) return false;
    const std::string& label = record.labels.front();
    const bool says_nothing = label.empty() || (label == "-1" && !is_number);
    return says_nothing && std::ranges::find(labels, label) == labels.end();
  });
}

std::vector<std::string> infer_labels(const std::vector<TextRecord>& records, const TextConfig& config) {
  if (config.output == TextOutput::kClassification) check_first_row(records, config);
  std::set<std::string> found;
  for (const TextRecord& record : records) {
    if (config.output == TextOutput::kMultilabel) {
      found.merge([&] {
        const auto labels = split_labels(record, config.label_separator);
        return std::set<std::string>(labels.begin(), labels.end());
      }());
    } else {
      for (const std::string& label : record.labels) {
        if (label.empty()) throw DataError("{}: the label is empty", record.place.to_string());
        found.insert(label);
      }
    }
  }
  std::vector<std::string> labels = in_order(found);
  const bool is_multilabel = config.output == TextOutput::kMultilabel;
  if (labels.size() < (is_multilabel ? 1U : 2U)) {
    throw DataError("{}: {} among {} records; is {}label the column of the labels?",
                    records.empty() ? "no records" : records.front().place.file,
                    labels.empty() ? "no label" : fmt::format("no label but '{}'", labels[0]), records.size(),
                    config.settings);
  }
  warn_of_white_space(labels);
  return labels;
}

}  // namespace albert::tasks
