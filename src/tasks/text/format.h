#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tasks/common/table.h"

namespace albert::tasks {

/// A column: any one of these names in the header, or a number from 1. Empty: there is no such column.
using ColumnNames = std::vector<std::string>;

/// Which columns of a file, or fields of its JSON objects, hold what.
struct TextColumns {
  ColumnNames first = {};  ///< empty in files of predictions, which may hold no text
  ColumnNames second = {};
  std::vector<ColumnNames> labels = {};
  ColumnNames id = {};
  /// Names of a second text, where there is none: a record that has one is refused, as its text would not be read.
  ColumnNames no_second = {};

  bool operator==(const TextColumns&) const = default;
};

/// How the records of a file follow each other.
enum class RowFormat {
  kTsv,        ///< columns apart by tabs; quotes are plain characters, as in GLUE's files
  kTsvQuoted,  ///< columns apart by tabs, in quotes where they need them
  kCsv,        ///< columns apart by commas, RFC 4180
  kJsonl,      ///< a JSON object a line
  kLabelText,  ///< a label, a space or tab, and the text: "DESC:manner How did ..."
};

/// Whether the first row names the columns.
enum class HeaderRow {
  kPresent,
  kAbsent,
  kIfNamed,  ///< there is one if its fields have the names of the text columns
};

/// The layout of a file of texts.
struct TextFormat {
  RowFormat rows = RowFormat::kTsv;
  std::optional<char> delimiter = {};  ///< of a table; nothing: that of its RowFormat
  HeaderRow header = HeaderRow::kPresent;
  TextColumns columns = {};
  std::string encoding = "utf-8";
  /// The columns of a file without a header, where they are known by place only.
  TextColumns columns_without_header = {};
  /// Rows with another number of columns are left out and counted, and texts may be empty, as in QQP's files, where a
  /// line feed in a question has broken some rows in two.
  bool has_broken_rows = false;
  /// Rows with this label are left out and counted: MNLI's "-", on which the annotators did not agree.
  std::string left_out_label = {};
  /// Of a table in which quotes are characters: fields that a program has put into quotes are refused, see QuoteCheck.
  bool refuses_quotes = false;
  /// What a second text would be called that is not read: a file that has one is warned of. Empty: none is looked for.
  std::string unread_second = {};
  /// Records keep their rows as they stand, since predictions are added to them.
  bool needs_rows = true;
  /// What the keys of the settings begin with that tell all this, see advice(); empty: the layout is fixed.
  std::string settings = {};
  /// What a message says that misses the labels: what can be done with a file without. Empty: nothing.
  std::string if_unlabelled = {};
};

inline bool is_table(RowFormat rows) {
  return rows == RowFormat::kTsv || rows == RowFormat::kTsvQuoted || rows == RowFormat::kCsv;
}

/// The dialect of a file that is a table, and of columns that are added to lines of the others.
inline TableDialect dialect_of(const TextFormat& format) {
  const char usual = format.rows == RowFormat::kCsv ? ',' : '\t';
  return {.separator = is_table(format.rows) ? format.delimiter.value_or(usual) : usual,
          .quoted = format.rows == RowFormat::kCsv || format.rows == RowFormat::kTsvQuoted};
}

}  // namespace albert::tasks
