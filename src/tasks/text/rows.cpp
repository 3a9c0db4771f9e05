#include "tasks/text/rows.h"

#include <algorithm>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "base/counted.h"
#include "base/error.h"
#include "tasks/common/json_object.h"
#include "tasks/common/parts.h"
#include "tasks/common/tab_columns.h"

namespace albert::tasks {

std::string describe_rows(const TextFiles::Rows& rows, std::size_t num_truncated, std::int64_t max_length) {
  std::string notes = fmt::format("{}; {} truncated to {} tokens", counted(rows.file.records.size(), "example"),
                                  num_truncated, max_length);
  notes += describe_share(rows.num_of_other_part);
  if (rows.file.num_left_out > 0) {
    notes += fmt::format("; {} left out, broken or without a label", counted(rows.file.num_left_out, "row"));
  }
  if (rows.file.num_empty_lines > 0) notes += fmt::format("; {}", counted(rows.file.num_empty_lines, "empty line"));
  return notes;
}

std::string rows_with_answers(const TextAnswers& answers, RowFormat format, const std::string& header,
                              const std::vector<std::string>& rows,
                              const std::function<TextAnswer(std::size_t)>& answer, const std::string& file) {
  const TableDialect dialect = dialect_of(format);
  TableRow names;
  if (TableReader(header, dialect, file).next(names)) check_new_column(kPredictionColumn, names.fields, {file, 1, ""});
  std::string out;
  if (!header.empty()) out += header + dialect.separator + answers.header(dialect) + '\n';
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (format == RowFormat::kJsonl) {
      out += add_json_members(rows[i], answers.json_members(answer(i)));
    } else {
      out += rows[i] + dialect.separator + answers.columns(answer(i), dialect);
    }
    out += '\n';
  }
  return out;
}

}  // namespace albert::tasks
