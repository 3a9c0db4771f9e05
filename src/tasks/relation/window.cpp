#include "tasks/relation/window.h"

#include <algorithm>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "tasks/common/tab_columns.h"

namespace albert::tasks {

RelationWindow::RelationWindow(RecordFormat format, std::string_view header, std::vector<std::string> labels,
                               RelationEncoding encoding)
    : format_(format), answers_(TextConfig(), std::move(labels)), encoding_(std::move(encoding)) {
  if (format == RecordFormat::kTsv) read_header(header);
}

void RelationWindow::read_header(std::string_view header) {
  const Place place = place_of_header();
  const std::vector<std::string_view> names = split_tabs(header);
  const auto found = std::ranges::find(names, "sentence");
  if (found == names.end()) {
    throw DataError("{}: expected a column named 'sentence', found: {}", place.to_string(), fmt::join(names, ", "));
  }
  num_columns_ = names.size();
  sentence_column_ = static_cast<std::size_t>(found - names.begin());
  header_ = header;
}

std::string RelationWindow::out_header() const {
  return format_ == RecordFormat::kTsv ? header_ + '\t' + answers_.header({}) : "";
}

void RelationWindow::add(std::string_view record, const Place& place) {
  records_.push_back({.row = std::string(record), .item = encoding_.encode(parse(record, place))});
}

RelationRecord RelationWindow::parse(std::string_view record, const Place& place) const {
  if (format_ == RecordFormat::kJsonl) return parse_relation_line(record, place, /*with_label=*/false);
  if (format_ == RecordFormat::kText) return parse_tagged_sentence(record, place);
  const std::vector<std::string_view> fields = split_tabs(record);
  if (fields.size() != num_columns_) {
    throw DataError("{}: expected {} columns as in the header, found {}", place.to_string(), num_columns_,
                    fields.size());
  }
  return parse_tagged_sentence(fields[sentence_column_], place);
}

void RelationWindow::take_scores(std::size_t index, std::span<const float> scores) {
  records_[index].answer = answers_.from_scores(scores);
}

void RelationWindow::write(std::size_t record, std::string& out) const {
  const Entry& entry = records_[record];
  if (entry.answer.classes.empty()) throw InternalError("record {} of the window has no scores", record);
  out += answers_.record(format_, entry.row, entry.answer, {}) + '\n';
}

}  // namespace albert::tasks
