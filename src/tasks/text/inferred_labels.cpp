#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include <spdlog/fmt/fmt.h>

#include "base/error.h"
#include "base/shown.h"
#include "tasks/common/written_label.h"
#include "tasks/common/written_list.h"
#include "tasks/text/columns.h"
#include "tasks/text/labels.h"

namespace albert::tasks {

namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Throws DataError if all that lists hold is 0 and 1, one of each for every label: these are not names.
void refuse_marks(const std::vector<TextRecord>& records, const TextSettings& settings) {
  std::optional<std::size_t> length;
  for (const TextRecord& record : records) {
    const bool may_be_list = record.labels_are_list || record.labels.size() == 1;
    if (!may_be_list) return;
    const std::vector<std::string> list = labels_of(record, settings, {});
    if (!are_marks(list) || (length && *length != list.size())) return;
    length = list.size();
  }
  if (!length) return;
  throw DataError(
      "{}: the labels are lists of {} numbers 0 and 1, which are no names; name the labels in their order: "
      "{}labels=[joy,anger]",
      records.front().place.to_string(), *length, settings.prefix);
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

}  // namespace

void check_first_row(const std::vector<TextRecord>& records, const TextSettings& settings) {
  const bool is_guessed = settings.header == HeaderChoice::kByColumns && settings.label.size() == 1 &&
                          column_number(settings.label.front());
  if (!is_guessed || !may_be_header(records)) return;
  throw DataError(
      "{}: the label '{}' is of this row alone; if the row names the columns, set {}header: present, else absent",
      records.front().place.to_string(), shortened(records.front().labels.front()), settings.prefix);
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
  if (settings.output == TextOutput::kMultilabel) refuse_marks(records, settings);
  std::set<std::string> found;
  for (const TextRecord& record : records) {
    for (const std::string& label : labels_of(record, settings, {})) {
      if (found.insert(label).second) check_written_label(label, record.place.to_string());
    }
  }
  std::vector<std::string> labels = in_order(found);
  const bool is_multilabel = settings.output == TextOutput::kMultilabel;
  if (labels.size() < (is_multilabel ? 1U : 2U)) {
    throw DataError("{}: {} among {} records; is {}label the column of the labels?",
                    records.empty() ? "no records" : records.front().place.file,
                    labels.empty() ? "no label" : fmt::format("no label but '{}'", shortened(labels[0])),
                    records.size(), settings.prefix);
  }
  return labels;
}

}  // namespace albert::tasks
