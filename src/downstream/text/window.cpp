#include "downstream/text/window.h"

#include <algorithm>

#include "base/error.h"
#include "datasets/text/json.h"
#include "downstream/tab_fields.h"
#include "downstream/text/rows.h"

namespace albert::downstream {

namespace {

std::vector<std::string> fields_of(std::string_view line, datasets::TableDialect dialect,
                                   const datasets::Place& place) {
  datasets::TableReader reader(line, dialect, place.file, place.line);
  datasets::TableRow row;
  if (!reader.next(row)) return {};
  return std::move(row.fields);
}

datasets::TableDialect dialect_of(const TextConfig& config) {
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
  const datasets::Place place = place_of_header();
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

void TextWindow::add(std::string_view record, const datasets::Place& place) {
  const datasets::TextRecord texts = parse(record, place);
  datasets::check_texts(texts);
  model::Item item = pairs_ == Pairs::kTogether ? encoding_.encode(texts) : encoding_.encode_apart(texts);
  records_.push_back({.row = std::string(record), .item = std::move(item), .answer = {}});
}

datasets::TextRecord TextWindow::parse(std::string_view record, const datasets::Place& place) const {
  switch (format_) {
    case RecordFormat::kText:
      return split_tabs(record, place);
    case RecordFormat::kTsv:
      return split_columns(record, place);
    case RecordFormat::kJsonl:
      return datasets::parse_json_record(record, columns_, /*need_labels=*/false, place);
  }
  throw InternalError("no format {}", static_cast<int>(format_));
}

datasets::TextRecord TextWindow::split_tabs(std::string_view line, const datasets::Place& place) const {
  datasets::TextRecord record;
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

datasets::TextRecord TextWindow::split_columns(std::string_view line, const datasets::Place& place) const {
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

}  // namespace albert::downstream
