#include "tasks/text/readers.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/shown.h"
#include "tasks/common/decoding.h"
#include "tasks/common/json_object.h"
#include "tasks/common/json_records.h"
#include "tasks/common/place.h"
#include "tasks/common/tab_columns.h"
#include "tasks/text/columns.h"
#include "tasks/text/quotes.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

/// The fields of a line as a delimiter would have them; a field in quotes holds none here.
std::vector<std::string> fields_of(std::string_view line, char delimiter) {
  std::vector<std::string> fields;
  for (std::string_view field : split_fields(line, delimiter)) {
    if (field.size() > 1 && field.starts_with('"') && field.ends_with('"')) field = field.substr(1, field.size() - 2);
    fields.emplace_back(field);
  }
  return fields;
}

/// One file on its way into records.
class Parser {
 public:
  Parser(std::string_view content, const TextFormat& format, bool need_labels, const std::string& file)
      : content_(content), format_(format), need_labels_(need_labels), file_(file), quotes_(format.settings) {}

  TextFile parse() {
    result_.rows = format_.rows;
    result_.dialect = dialect_of(format_);
    if (is_table(format_.rows)) {
      parse_table();
    } else if (format_.rows == RowFormat::kJsonl) {
      parse_objects();
    } else {
      parse_lines();
    }
    if (result_.records.empty()) throw DataError("{}: there is no record in the file", file_);
    return std::move(result_);
  }

 private:
  void parse_table() {
    refuse_other_delimiter();
    TableReader reader(content_, result_.dialect, file_);
    TableRow row;
    if (!reader.next(row)) return;
    const TextColumnPlaces places = take_header(row);
    if (!result_.header.empty()) warn_of_second_text(row.fields);
    if (!result_.header.empty() && !reader.next(row)) return;
    do {
      refuse_header_again(row);
      add_row(places, row);
    } while (reader.next(row));
    quotes_.end_file();
    result_.num_empty_lines = reader.num_empty_lines();
  }

  /// Files that were put one behind another have their header in between: it would be an example with a label of its own.
  void refuse_header_again(const TableRow& row) const {
    if (result_.header.empty() || row.bytes != result_.header) return;
    throw DataError(
        "{}:{}: expected an example, found the header once more: were files put one behind another? remove this line, "
        "or name the files one by one",
        file_, row.line);
  }

  /// \param names of the columns, or of the members of the first object
  void warn_of_second_text(const std::vector<std::string>& names) const {
    if (format_.unread_second.empty() || std::ranges::find(names, format_.unread_second) == names.end()) return;
    log_warning("{}: there is a '{}', which is not read: texts are read one by one; for pairs set {}second_text={}",
                printable(file_), format_.unread_second, format_.settings, format_.unread_second);
  }

  /// Where the columns are.
  /// \param row the first one
  TextColumnPlaces take_header(const TableRow& row) {
    const bool has_header = format_.header == HeaderRow::kPresent ||
                            (format_.header == HeaderRow::kIfNamed && names_texts(format_.columns, row.fields));
    if (has_header) result_.header = row.bytes;
    const TextColumns& columns = has_header || format_.columns_without_header == TextColumns{}
                                     ? format_.columns
                                     : format_.columns_without_header;
    return {columns,
            has_header ? row.fields : std::vector<std::string>{},
            row.fields.size(),
            need_labels_,
            place_of(row.line),
            format_.settings,
            format_.if_unlabelled};
  }

  /// Throws if the first line has the columns only where another character is taken for what stands between them: before
  /// rows are read, in which such a character may not stand behind a field in quotes.
  void refuse_other_delimiter() const {
    TableRow line;
    const bool is_known = format_.header != HeaderRow::kIfNamed;
    if (!is_known || !TableReader(content_, {.separator = '\n', .quoted = false}, file_).next(line)) return;
    if (std::ranges::count(line.bytes, '"') % 2 != 0) return;  // a field goes on behind the line
    const char separator = result_.dialect.separator;
    const auto has_wanted = [&](const std::vector<std::string>& fields) {
      return has_columns(format_.columns, fields, format_.header == HeaderRow::kPresent, need_labels_);
    };
    if (has_wanted(fields_of(line.bytes, separator))) return;
    for (const char delimiter : {',', ';', '|', '\t'}) {
      if (delimiter == separator || !has_wanted(fields_of(line.bytes, delimiter))) continue;
      const bool are_quoted = !result_.dialect.quoted && line.bytes.starts_with('"');
      throw DataError("{}: the columns are apart by {}, expected {}{}", place_of(line.line).to_string(),
                      name_of_separator(delimiter), name_of_separator(separator),
                      format_.settings.empty()
                          ? "; the layout has tabs: put them in their place"
                          : fmt::format("; set {}delimiter='{}'{}", format_.settings,
                                        delimiter == '\t' ? "tab" : std::string(1, delimiter),
                                        are_quoted ? fmt::format(" and {}format=csv", format_.settings) : ""));
    }
  }

  void add_row(const TextColumnPlaces& places, const TableRow& row) {
    if (row.fields.size() != places.width()) {
      if (!format_.has_broken_rows) refuse_width(places.width(), row);
      ++result_.num_left_out;
      return;
    }
    TextRecord record = places.record(row.fields, place_of(row.line));
    if (format_.refuses_quotes && !result_.dialect.quoted) quotes_.add(row.fields, record);
    add(std::move(record), row.bytes);
  }

  [[noreturn]] void refuse_width(std::size_t width, const TableRow& row) const {
    const bool may_be_quoted = format_.rows == RowFormat::kTsv && row.bytes.find('"') != std::string_view::npos;
    throw DataError("{}:{}: expected {} columns as in the {}, found {}{}", file_, row.line, width,
                    result_.header.empty() ? "first row" : "header", row.fields.size(),
                    may_be_quoted
                        ? advice(format_.settings, "; if fields of this file stand in quotes, set {}format: tsv_quoted")
                        : "");
  }

  void parse_objects() {
    JsonRecords records(content_, file_);
    for (std::string_view object; records.next(object);) {
      if (result_.records.empty() && !format_.unread_second.empty())
        warn_of_second_text(member_names(parse_json_object(object, records.place())));
      add(parse_json_record(object, format_.columns, need_labels_, records.place(), format_.if_unlabelled), object);
    }
    result_.num_empty_lines = records.num_empty_lines();
  }

  void parse_lines() {
    TableReader reader(content_, {.separator = '\n', .quoted = false}, file_);  // a row of one field is a line
    for (TableRow row; reader.next(row);) add(split_label(row), row.bytes);
    result_.num_empty_lines = reader.num_empty_lines();
  }

  TextRecord split_label(const TableRow& row) const {
    const std::size_t end = row.bytes.find_first_of(" \t");
    if (end == 0 || end == std::string_view::npos) {
      throw DataError("{}:{}: expected a label, a space or tab, and a text; found no {}", file_, row.line,
                      end == 0 ? "label" : "text");
    }
    TextRecord record;
    record.place = place_of(row.line);
    record.first = row.bytes.substr(end + 1);
    record.is_labelled = true;
    record.labels.emplace_back(row.bytes.substr(0, end));
    return record;
  }

  /// \param row that the record was read from, as it stands in the file
  void add(TextRecord record, std::string_view row) {
    if (!format_.left_out_label.empty() && std::ranges::count(record.labels, format_.left_out_label) > 0) {
      ++result_.num_left_out;
      return;
    }
    if (!format_.has_broken_rows && !format_.columns.first.empty()) check_texts(record);
    if (!result_.records.empty() && record.is_labelled != result_.is_labelled()) {
      throw DataError(
          "{}: the record has {} label, unlike those before it; a file is labelled as a whole or not at all",
          record.place.to_string(), record.is_labelled ? "a" : "no");
    }
    if (format_.needs_rows) record.row = row;
    result_.records.push_back(std::move(record));
  }

  Place place_of(std::int64_t line) const { return {.file = file_, .line = line, .id = {}}; }

  std::string_view content_;
  const TextFormat& format_;
  bool need_labels_;
  const std::string& file_;
  TextFile result_;
  QuoteCheck quotes_;
};

}  // namespace

void check_texts(const TextRecord& record) {
  const bool first_is_empty = text::trim(record.first).empty();
  if (!first_is_empty && (!record.second || !text::trim(*record.second).empty())) return;
  throw DataError("{}: the {}text is empty; complete or remove the record", record.place.to_string(),
                  !record.second   ? ""
                  : first_is_empty ? "first "
                                   : "second ");
}

RowFormat row_format_by_name(const std::filesystem::path& path) {
  if (path.extension() == ".csv") return RowFormat::kCsv;
  return are_json_lines(path) ? RowFormat::kJsonl : RowFormat::kTsv;
}

TextFile read_texts(const std::filesystem::path& path, const TextFormat& format, bool need_labels) {
  const std::string content = decode_file(read_file(path), format.encoding, path.string(), format.settings);
  return parse_texts(content, format, need_labels, path.string());
}

TextFile parse_texts(std::string_view content, const TextFormat& format, bool need_labels, const std::string& file) {
  return Parser(content, format, need_labels, file).parse();
}

}  // namespace albert::tasks
