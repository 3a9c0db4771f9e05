#include "tasks/text/files.h"

#include <algorithm>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/file.h"
#include "tasks/common/parts.h"
#include "tasks/text/columns.h"
#include "tasks/text/reader.h"

namespace albert::tasks {

namespace {

std::vector<std::string> extensions_of(TextFileFormat format) {
  switch (format) {
    case TextFileFormat::kCsv:
      return {".csv"};
    case TextFileFormat::kJsonl:
      return {".jsonl", ".ndjson", ".json"};
    case TextFileFormat::kTsv:
    case TextFileFormat::kTsvQuoted:
    case TextFileFormat::kLabelText:
      return {".tsv", ".txt"};
    case TextFileFormat::kByName:
      return {".tsv", ".txt", ".csv", ".jsonl", ".ndjson", ".json"};
  }
  throw InternalError("no extension for the format {}", static_cast<int>(format));
}

RowFormat row_format(TextFileFormat format, const fs::path& file) {
  switch (format) {
    case TextFileFormat::kTsv:
      return RowFormat::kTsv;
    case TextFileFormat::kTsvQuoted:
      return RowFormat::kTsvQuoted;
    case TextFileFormat::kCsv:
      return RowFormat::kCsv;
    case TextFileFormat::kJsonl:
      return RowFormat::kJsonl;
    case TextFileFormat::kLabelText:
      return RowFormat::kLabelText;
    case TextFileFormat::kByName:
      break;
  }
  return row_format_by_name(file);
}

TextColumns own_columns(const TextConfig& config) {
  TextColumns columns{.first = {config.text}, .second = {}, .labels = {}, .id = {}};
  if (!config.second_text.empty()) columns.second = {config.second_text};
  for (const std::string& label : config.label) columns.labels.push_back({label});
  return columns;
}

bool is_by_name(const ColumnNames& names) {
  return std::ranges::any_of(names, [](const std::string& name) { return !column_number(name); });
}

/// Whose files hold a part of a task of GLUE. The diagnostic set has no training data: a model of MNLI answers it.
const GlueInfo& source_of(GlueTask task, Part part) {
  const bool is_of_mnli = task == GlueTask::kAx && part != Part::kTest;
  return glue_info(is_of_mnli ? GlueTask::kMnli : task);
}

/// What rows that tell of the same texts have in common, whatever else is in them.
std::string texts_of(const TextRecord& record) {
  return record.first + '\0' + record.second.value_or("");
}

const std::vector<std::string>& stems_of(const GlueInfo& task, Part part) {
  return part == Part::kTrain         ? task.training_files
         : part == Part::kDevelopment ? task.development_files
                                      : task.test_files;
}

}  // namespace

std::vector<fs::path> TextFiles::files_in(const fs::path& folder, Part part) const {
  if (!config_.glue) return own_files_in(folder, part);
  const GlueInfo& source = source_of(*config_.glue, part);
  return list_glue_files(folder, source, stems_of(source, part));
}

std::string TextFiles::expected_files(Part part) const {
  if (!config_.glue) {
    return fmt::format("a file named {} with the extension {}", fmt::join(stems_of(part), " or "),
                       fmt::join(extensions_of(config_.format), " or "));
  }
  const GlueInfo& source = source_of(*config_.glue, part);
  return fmt::format(
      "{} (.tsv or .jsonl{}) of {} in this folder, or in its folder {}", fmt::join(stems_of(source, part), " or "),
      part == Part::kDevelopment ? R"(, "validation" may stand for "dev")" : "", source.folder, source.folder);
}

std::vector<fs::path> TextFiles::own_files_in(const fs::path& folder, Part part) const {
  std::vector<fs::path> found = files_of_part(folder, part, extensions_of(config_.format));
  if (found.size() > 1) {
    throw DataError("{}: {} and {} could both hold the {} data; name the one that is meant", folder.string(),
                    found[0].filename().string(), found[1].filename().string(), name_of(part));
  }
  return found;
}

TextFormat TextFiles::format_of(const fs::path& file) const {
  if (config_.glue) {
    const GlueInfo& info = glue_info(*config_.glue);
    return row_format_by_name(file) == RowFormat::kJsonl ? info.jsonl : info.tsv;
  }
  TextFormat format;
  format.rows = row_format(config_.format, file);
  format.header = has_header() ? HeaderRow::kPresent : HeaderRow::kAbsent;
  format.columns = own_columns(config_);
  format.encoding = config_.encoding;
  format.settings = config_.settings;
  return format;
}

bool TextFiles::has_header() const {
  if (config_.glue) return true;
  if (config_.header != HeaderChoice::kByColumns) return config_.header == HeaderChoice::kPresent;
  const TextColumns columns = own_columns(config_);
  return is_by_name(columns.first) || is_by_name(columns.second) || std::ranges::any_of(columns.labels, is_by_name);
}

TextColumns TextFiles::stream_columns() const {
  TextColumns columns = config_.glue ? glue_info(*config_.glue).tsv.columns : own_columns(config_);
  columns.labels.clear();  // whether the labels in the input are right does not matter
  columns.first.emplace_back("text");
  if (!columns.second.empty()) columns.second.emplace_back("second_text");
  return columns;
}

TextFile TextFiles::read_whole(const fs::path& file, bool need_labels) const {
  return read_texts(file, format_of(file), need_labels);
}

/// Labels are needed but of a test: elsewhere a file that has none may be one whose label column is named wrongly.
TextFile TextFiles::read_part(const fs::path& file, Part part) const {
  TextFormat format = format_of(file);
  if (part == Part::kDevelopment) {
    format.if_unlabelled = "; a file without labels is read by `albert evaluate` with --part test";
  }
  return read_texts(file, format, /*need_labels=*/part != Part::kTest);
}

TextFiles::Rows TextFiles::read(const Source& source) const {
  Rows rows{.file = read_part(source.file, source.part)};
  rows.num_of_other_part = keep_share(rows.file.records, source, texts_of);
  return rows;
}

}  // namespace albert::tasks
