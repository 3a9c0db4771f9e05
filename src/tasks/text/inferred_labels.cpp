#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/log.h"
#include "tasks/text/columns.h"
#include "tasks/text/labels.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
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

/// Whether the first row may hold names of columns that are given by number: its label is of no other row, while every
/// other label is of several.
bool may_be_header(const std::vector<TextRecord>& records) {
  if (records.empty() || records.front().place.line != 1 || records.front().labels.empty()) return false;
  std::map<std::string_view, std::int64_t> counts;
  for (const TextRecord& record : records) {
    if (!record.labels.empty()) ++counts[record.labels.front()];
  }
  const auto num_rare = std::ranges::count_if(counts, [](const auto& entry) { return entry.second == 1; });
  return counts[records.front().labels.front()] == 1 && num_rare == 1;
}

/// The labels of a record, each of which must say something.
std::vector<std::string> labels_of(const TextRecord& record, const TextSettings& settings) {
  if (settings.output == TextOutput::kMultilabel) return split_labels(record, settings.label_separator);
  for (const std::string& label : record.labels) {
    if (label.empty()) throw DataError("{}: the label is empty", record.place.to_string());
  }
  return record.labels;
}

}  // namespace

void check_first_row(const std::vector<TextRecord>& records, const TextSettings& settings) {
  const bool is_guessed = settings.header == HeaderChoice::kByColumns && settings.label.size() == 1 &&
                          column_number(settings.label.front());
  if (!is_guessed || !may_be_header(records)) return;
  throw DataError(
      "{}: the label '{}' is of this row alone; if the row names the columns, set {}header: present, else absent",
      records.front().place.to_string(), records.front().labels.front(), settings.prefix);
}

std::vector<std::string> in_order(const std::set<std::string>& labels) {
  std::vector<std::string> ordered(labels.begin(), labels.end());
  if (std::ranges::all_of(ordered, [](const std::string& label) { return whole_number(label).has_value(); })) {
    std::ranges::stable_sort(ordered, {}, whole_number);
  }
  return ordered;
}

bool are_placeholders(const std::vector<TextRecord>& records, const std::vector<std::string>& labels,
                      const TextSettings& settings) {
  if (settings.kind_of_output() == TextOutput::kMultilabel) return false;
  const bool is_number = settings.kind_of_output() == TextOutput::kRegression;
  return std::ranges::all_of(records, [&](const TextRecord& record) {
    if (record.labels.size() != 1) return false;
    const std::string& label = record.labels.front();
    const bool says_nothing = label.empty() || (label == "-1" && !is_number);
    return says_nothing && std::ranges::find(labels, label) == labels.end();
  });
}

std::vector<std::string> infer_labels(const std::vector<TextRecord>& records, const TextSettings& settings) {
  if (settings.output == TextOutput::kClassification) check_first_row(records, settings);
  std::set<std::string> found;
  for (const TextRecord& record : records) {
    const std::vector<std::string> labels = labels_of(record, settings);
    found.insert(labels.begin(), labels.end());
  }
  std::vector<std::string> labels = in_order(found);
  const bool is_multilabel = settings.output == TextOutput::kMultilabel;
  if (labels.size() < (is_multilabel ? 1U : 2U)) {
    throw DataError("{}: {} among {} records; is {}label the column of the labels?",
                    records.empty() ? "no records" : records.front().place.file,
                    labels.empty() ? "no label" : fmt::format("no label but '{}'", labels[0]), records.size(),
                    settings.prefix);
  }
  warn_of_white_space(labels);
  return labels;
}

}  // namespace albert::tasks
