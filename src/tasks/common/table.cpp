#include "tasks/common/table.h"

#include <algorithm>

#include "base/error.h"
#include "base/shown.h"
#include "base/utf8.h"

namespace albert::tasks {

bool TableReader::next(TableRow& row) {
  while (at_ < text_.size() && at_line_end(at_)) {
    ++num_empty_lines_;
    skip_line_end();
  }
  if (at_ >= text_.size()) return false;
  row.line = line_;
  const std::size_t begin = at_;
  if (dialect_.quoted) {
    read_quoted(row);
  } else {
    read_plain(row);
  }
  row.bytes = text_.substr(begin, at_ - begin);
  skip_line_end();
  return true;
}

/// Whether the text, or a line of it, ends here.
bool TableReader::at_line_end(std::size_t at) const {
  return at >= text_.size() || LineEnds::length_at(text_, at) > 0;
}

void TableReader::skip_line_end() {
  if (at_ < text_.size()) at_ += ends_.take(text_, at_, line_);
  ++line_;
}

std::size_t TableReader::end_of_field(std::size_t begin) const {
  const char stops[] = {dialect_.separator, '\n', '\r'};
  return std::min(text_.find_first_of(std::string_view(stops, sizeof stops), begin), text_.size());
}

void TableReader::read_plain(TableRow& row) {
  std::size_t num_fields = 0;
  for (;; ++at_) {
    if (row.fields.size() == num_fields) row.fields.emplace_back();
    const std::size_t end = end_of_field(at_);
    row.fields[num_fields++] = text_.substr(at_, end - at_);
    at_ = end;
    if (at_line_end(at_)) break;
  }
  row.fields.resize(num_fields);
}

void TableReader::read_quoted(TableRow& row) {
  row.fields.clear();
  for (;; ++at_) {
    std::string& field = row.fields.emplace_back();
    if (at_ < text_.size() && text_[at_] == '"') {
      read_quoted_field(field);
    } else {
      const std::size_t end = end_of_field(at_);
      field = text_.substr(at_, end - at_);
      refuse_space_before_quotes(field);
      at_ = end;
    }
    if (at_line_end(at_)) return;
  }
}

/// What a person has written as `a, "b"`: the quotes would be characters of the field.
void TableReader::refuse_space_before_quotes(std::string_view field) const {
  const std::size_t begin = field.find_first_not_of(' ');
  if (begin == 0 || begin == std::string_view::npos || !stands_in_quotes(field.substr(begin))) return;
  throw DataError("{}:{}: a space stands before a quoted field, which would keep its quotes; remove the space",
                  ends_.file(), line_);
}

void TableReader::read_quoted_field(std::string& field) {
  const std::int64_t first_line = line_;
  for (++at_;;) {
    const std::size_t quote = text_.find('"', at_);
    if (quote == std::string_view::npos) {
      throw DataError("{}:{}: the quoted field that begins here has no end", ends_.file(), first_line);
    }
    const std::string_view part = text_.substr(at_, quote - at_);
    field += part;
    line_ += count_line_ends(part);
    at_ = quote + 1;
    if (at_ >= text_.size() || text_[at_] != '"') break;
    field += '"';
    ++at_;
  }
  if (!at_line_end(at_) && text_[at_] != dialect_.separator) {
    const bool may_be_separator = std::string_view(",;|\t").find(text_[at_]) != std::string_view::npos;
    throw DataError(
        "{}:{}: expected {} or the line's end after a quoted field, found {}; {}", printable(ends_.file()), line_,
        name_of_separator(dialect_.separator),
        may_be_separator ? name_of_separator(text_[at_]) : in_quotes(text_.substr(at_, utf8_length(text_[at_]))),
        may_be_separator ? "are the columns apart by it?" : "a quote inside of a quoted field is written twice");
  }
}

std::vector<std::string> split_row(std::string_view row, TableDialect dialect, const Place& place) {
  TableRow first;
  TableReader(row, dialect, place.file, place.line).next(first);
  return std::move(first.fields);
}

std::string name_of_separator(char separator) {
  return separator == '\t' ? "a tab" : fmt::format("'{}'", separator);
}

bool stands_in_quotes(std::string_view field) {
  if (field.size() < 2 || !field.starts_with('"') || !field.ends_with('"')) return false;
  for (std::size_t at = 1; (at = field.find('"', at)) < field.size() - 1; at += 2) {
    if (field[at + 1] != '"' || at + 1 == field.size() - 1) return false;
  }
  return true;
}

std::string write_field(std::string_view field, TableDialect dialect) {
  const char special[] = {dialect.separator, '\n', '\r', '"', '\0'};
  std::string written(field);
  if (!dialect.quoted) {
    std::ranges::replace_if(
        written, [&](char c) { return c == dialect.separator || c == '\n' || c == '\r'; }, ' ');
  } else if (field.find_first_of(special) != std::string_view::npos) {
    for (std::size_t at = 0; (at = written.find('"', at)) != std::string::npos; at += 2) written.insert(at, 1, '"');
    written = '"' + written + '"';
  }
  return written;
}

}  // namespace albert::tasks
