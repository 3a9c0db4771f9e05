#include "tasks/text/window.h"

#include <algorithm>

#include "base/error.h"
#include "tasks/common/tab_columns.h"
#include "tasks/text/json.h"
#include "tasks/text/rows.h"

namespace albert::tasks {

namespace {

std::vector<std::string> fields_of(std::string_view line, TableDialect dialect, const Place& place) {
  TableReader reader(line, dialect, place.file, place.line);
  TableRow row;
  if (!reader.next(row)) return {};
  return std::move(row.fields);
}

TableDialect dialect_of(const TextConfig& config) {
  return {.separator = '\t', .quoted = config.format == TextFileFormat::kTsvQuoted};
}

}  // namespace

TextWindow::TextWindow(const TextConfig& config, TextAnswers answers, Pairs pairs, RecordFormat format,
                       std::string_view header, TextEncoding encoding)
    : format_(format),
      has_pairs_(config.has_pairs()),
      pairs_(pairs),
      columns_(TextFiles(config).stream_columns()),
      dialect_(dialect_of(config)),
      answers_(std::move(answers)),
      encoding_(std::move(encoding)) {
  if (format != RecordFormat::kTsv) return;
  const Place place = place_of_header();
  const std::vector<std::string> first = fields_of(header, dialect_, place);
  const bool has_header = is_header(config, header);
  if (has_header) {
    check_new_column(kPredictionColumn, first, place);
    header_ = header;
  }
  places_.emplace(columns_, has_header ? first : std::vector<std::string>(), first.size(), /*need_labels=*/false,
                  place);
}

bool TextWindow::is_header(const TextConfig& config, std::string_view first_line) {
  if (TextFiles(config).has_header()) return true;
  const std::vector<std::string> fields = fields_of(first_line, dialect_of(config), place_of_header());
  const auto names = [&](const char* name) { return std::ranges::find(fields, name) != fields.end(); };
  return names("text") && (!config.has_pairs() || names("second_text"));
}

std::string TextWindow::out_header() const {
  return !header_.empty() ? header_ + '\t' + answers_.header(dialect_) : "";
}

void TextWindow::add(std::string_view record, const Place& place) {
  const TextRecord texts = parse(record, place);
  check_texts(texts);
  model::Item item = pairs_ == Pairs::kTogether ? encoding_.encode(texts) : encoding_.encode_apart(texts);
  records_.push_back({.row = std::string(record), .item = std::move(item), .answer = {}});
}

TextRecord TextWindow::parse(std::string_view record, const Place& place) const {
  switch (format_) {
    case RecordFormat::kText:
      return split_tabs(record, place);
    case RecordFormat::kTsv:
      return split_columns(record, place);
    case RecordFormat::kJsonl:
      return parse_json_record(record, columns_, /*need_labels=*/false, place);
  }
  throw InternalError("no format {}", static_cast<int>(format_));
}

TextRecord TextWindow::split_tabs(std::string_view line, const Place& place) const {
  TextRecord record;
  record.place = place;
  const std::size_t tab = has_pairs_ ? line.find('\t') : std::string_view::npos;
  record.first = line.substr(0, tab);
  if (!has_pairs_) return record;
  if (tab == std::string_view::npos || line.find('\t', tab + 1) != std::string_view::npos) {
    throw DataError("{}: expected two texts apart by one tab, found {} tab; the model was trained on pairs",
                    place.to_string(), tab == std::string_view::npos ? "no" : "more than one");
  }
  record.second = line.substr(tab + 1);
  return record;
}

TextRecord TextWindow::split_columns(std::string_view line, const Place& place) const {
  const std::vector<std::string> fields = fields_of(line, dialect_, place);
  if (fields.size() != places_->width()) {
    throw DataError("{}: expected {} columns as in the first line, found {}", place.to_string(), places_->width(),
                    fields.size());
  }
  return places_->record(fields, place);
}

void TextWindow::take_scores(std::size_t index, std::span<const float> scores) {
  records_[index].answer = answers_.from_scores(scores);
}

void TextWindow::write(std::size_t record, std::string& out) const {
  const auto& [row, item, answer] = records_[record];
  out += answers_.record(format_, row, answer, dialect_) + '\n';
}

}  // namespace albert::tasks
