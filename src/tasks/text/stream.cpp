#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "tasks/text/columns.h"
#include "tasks/text/files.h"
#include "tasks/text/quotes.h"
#include "tasks/text/readers.h"

namespace albert::tasks {

namespace {

TextRecord checked(TextRecord record) {
  check_texts(record);
  return record;
}

TextRecord parse_text(std::string_view line, const Place& place) {
  if (line.find('\t') != std::string_view::npos) {
    throw DataError(
        "{}: expected one text, found a tab in it; the model was trained on single texts: a table is read with "
        "--format tsv, texts with tabs with --format jsonl",
        place.to_string());
  }
  TextRecord record;
  record.place = place;
  record.first = line;
  return checked(std::move(record));
}

TextRecord parse_pair(std::string_view line, const Place& place) {
  const std::size_t tab = line.find('\t');
  if (tab == std::string_view::npos || line.find('\t', tab + 1) != std::string_view::npos) {
    throw DataError("{}: expected two texts apart by one tab, found {} tab; the model was trained on pairs",
                    place.to_string(), tab == std::string_view::npos ? "no" : "more than one");
  }
  TextRecord record;
  record.place = place;
  record.first = line.substr(0, tab);
  record.second = line.substr(tab + 1);
  return checked(std::move(record));
}

/// \param quotes of the rows before; null: quotes belong to the fields, or are read
TextRecord parse_row(std::string_view line, const TextColumnPlaces& places, TableDialect dialect, QuoteCheck* quotes,
                     const Place& place) {
  const std::vector<std::string> fields = split_row(line, dialect, place);
  if (fields.size() == places.width()) {
    TextRecord record = checked(places.record(fields, place));
    if (quotes) quotes->add_to_stream(fields, record);
    return record;
  }
  throw DataError("{}: expected {} columns as in the first line, found {}", place.to_string(), places.width(),
                  fields.size());
}

void add_name(ColumnNames& names, const char* name) {
  if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
}

/// The columns, or fields of JSON objects, by the names that a stream may give them: those of the files, and those of
/// one's own files.
TextColumns stream_columns(const TextSettings& settings) {
  TextColumns columns = TextFiles(settings).columns();
  columns.labels.clear();
  add_name(columns.first, "text");
  if (!columns.second.empty()) {
    add_name(columns.second, kSecondTextName);
  } else if (std::ranges::find(columns.first, kSecondTextName) == columns.first.end()) {
    columns.no_second = {kSecondTextName};
  }
  return columns;
}

StreamReader<TextRecord> open_table(const TextSettings& settings, const LabelAnswers& answers,
                                    std::string_view first_line) {
  const TableDialect dialect = stream_dialect(settings);
  const Place place = place_of_header();
  const std::vector<std::string> first = split_row(first_line, dialect, place);
  const bool has_header = is_text_header(settings, first_line);
  std::vector<std::string> names = has_header ? first : std::vector<std::string>();
  const TextColumnPlaces places(stream_columns(settings), names, first.size(), /*need_labels=*/false, place);
  std::shared_ptr<QuoteCheck> quotes;
  if (!settings.glue && settings.format == TextFileFormat::kByName)
    quotes = std::make_shared<QuoteCheck>(settings.prefix);
  const auto parse = [places, dialect, quotes](auto line, const Place& at) {
    return parse_row(line, places, dialect, quotes.get(), at);
  };
  const auto end = [quotes] {
    if (quotes) quotes->end_stream();
  };
  return {.parse = parse,
          .end = end,
          .columns = std::move(names),
          .num_columns = first.size(),
          .is_quoted = dialect.quoted,
          .answer_names = answers.column_names(dialect)};
}

}  // namespace

TableDialect stream_dialect(const TextSettings& settings) {
  return {.separator = '\t', .quoted = settings.format == TextFileFormat::kTsvQuoted};
}

bool is_text_header(const TextSettings& settings, std::string_view first_line) {
  if (TextFiles(settings).have_header()) return true;
  const std::vector<std::string> fields = split_row(first_line, stream_dialect(settings), place_of_header());
  const auto names = [&](const char* name) { return std::ranges::find(fields, name) != fields.end(); };
  return names("text") && (!settings.has_pairs() || names(kSecondTextName));
}

StreamReader<TextRecord> open_text_stream(const TextSettings& settings, const LabelAnswers& answers,
                                          RecordFormat format, std::string_view header) {
  switch (format) {
    case RecordFormat::kText:
      return {.parse = settings.has_pairs() ? parse_pair : parse_text};
    case RecordFormat::kTsv:
      return open_table(settings, answers, header);
    case RecordFormat::kJsonl:
    case RecordFormat::kAnswers:
      break;
  }
  const auto parse = [columns = stream_columns(settings)](auto line, const Place& place) {
    return checked(parse_json_record(line, columns, /*need_labels=*/false, place));
  };
  return {.parse = parse, .answer_names = answers.member_names()};
}

}  // namespace albert::tasks
