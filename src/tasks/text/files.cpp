#include "tasks/text/files.h"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include <spdlog/fmt/ranges.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/shown.h"
#include "tasks/common/parts.h"
#include "tasks/text/columns.h"
#include "tasks/text/readers.h"

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

TextColumns own_columns(const TextSettings& settings) {
  TextColumns columns{.first = {settings.text}, .second = {}, .labels = {}, .id = {}};
  if (!settings.second_text.empty()) columns.second = {settings.second_text};
  for (const std::string& label : settings.label) columns.labels.push_back({label});
  return columns;
}

/// Whether a file is read for the first time: a training reads its development files again at its end, and need not say
/// the same of them again.
bool is_first_reading(const fs::path& file) {
  static std::mutex mutex;
  static std::set<fs::path> files;
  const std::scoped_lock lock(mutex);
  return files.insert(file).second;
}

bool is_by_name(const ColumnNames& names) {
  return std::ranges::any_of(names, [](const std::string& name) { return !column_number(name); });
}

/// Whose files hold a part of a task of GLUE. The diagnostic set has no training data: a model of MNLI answers it.
const GlueInfo& source_of(GlueTask task, Part part) {
  const bool is_of_mnli = task == GlueTask::kAx && part != Part::kTest;
  return glue_info(is_of_mnli ? GlueTask::kMnli : task);
}

const std::vector<std::string>& stems_of(const GlueInfo& task, Part part) {
  return part == Part::kTrain         ? task.training_files
         : part == Part::kDevelopment ? task.development_files
                                      : task.test_files;
}

/// The number of a label from 0, if it is one of them.
std::optional<std::size_t> label_number(const TextRecord& record, std::size_t num_labels) {
  if (record.labels.size() != 1) return std::nullopt;
  for (std::size_t number = 0; number < num_labels; ++number) {
    if (record.labels.front() == std::to_string(number)) return number;
  }
  return std::nullopt;
}

/// Gives labels that are numbers, as in the files of Hugging Face's data sets, the names that they stand for there.
void name_numbered_labels(TextFile& file, const GlueInfo& info) {
  const std::vector<std::string> names = hugging_face_order(info);
  const bool are_numbers = names.empty() || label_number({.labels = {names.front()}}, names.size());
  const auto is_numbered = [&](const TextRecord& record) { return label_number(record, names.size()).has_value(); };
  if (are_numbers || !file.is_labelled() || !std::ranges::all_of(file.records, is_numbered)) return;
  for (TextRecord& record : file.records) record.labels = {names[*label_number(record, names.size())]};
  log_info("{}: the labels are numbers, as in Hugging Face's data sets: 0 and up stand for {}",
           file.records.front().place.file, listed(names));
}

}  // namespace

std::vector<fs::path> TextFiles::files_in(const fs::path& folder, Part part) const {
  if (!settings_.glue) return own_files_in(folder, part);
  const GlueInfo& source = source_of(*settings_.glue, part);
  return list_glue_files(folder, source, stems_of(source, part));
}

std::string TextFiles::expected_files(Part part) const {
  if (!settings_.glue) {
    return fmt::format("a file named {} with the extension {}", fmt::join(stems_of(part), " or "),
                       fmt::join(extensions_of(settings_.format), " or "));
  }
  const GlueInfo& source = source_of(*settings_.glue, part);
  return fmt::format(
      "{} (.tsv or .jsonl{}) of {} in this folder, or in its folder {}", fmt::join(stems_of(source, part), " or "),
      part == Part::kDevelopment ? R"(, "validation" may stand for "dev")" : "", source.folder, source.folder);
}

std::vector<fs::path> TextFiles::own_files_in(const fs::path& folder, Part part) const {
  std::vector<fs::path> found = files_of_part(folder, part, extensions_of(settings_.format));
  if (found.size() > 1) {
    throw DataError("{}: {} and {} could both hold the {} data; name the one that is meant", folder.string(),
                    found[0].filename().string(), found[1].filename().string(), name_of(part));
  }
  return found;
}

TextFormat TextFiles::format_of(const fs::path& file) const {
  if (settings_.glue) {
    const GlueInfo& info = glue_info(*settings_.glue);
    return row_format_by_name(file) == RowFormat::kJsonl ? info.jsonl : info.tsv;
  }
  TextFormat format;
  format.rows = row_format(settings_.format, file);
  format.delimiter = delimiter_of(settings_.delimiter);
  format.refuses_quotes = settings_.format == TextFileFormat::kByName;
  format.header = have_header() ? HeaderRow::kPresent : HeaderRow::kAbsent;
  format.columns = own_columns(settings_);
  format.encoding = settings_.encoding;
  format.settings = settings_.prefix;
  return format;
}

bool TextFiles::have_header() const {
  if (settings_.glue) return true;
  if (settings_.header != HeaderChoice::kByColumns) return settings_.header == HeaderChoice::kPresent;
  const TextColumns columns = own_columns(settings_);
  return is_by_name(columns.first) || is_by_name(columns.second) || std::ranges::any_of(columns.labels, is_by_name);
}

TextColumns TextFiles::columns() const {
  return settings_.glue ? glue_info(*settings_.glue).tsv.columns : own_columns(settings_);
}

TextFile TextFiles::read_whole(const fs::path& file, bool need_labels) const {
  return read_with(format_of(file), file, need_labels);
}

TextFile TextFiles::read_with(const TextFormat& format, const fs::path& file, bool need_labels) const {
  TextFile texts = read_texts(file, format, need_labels);
  if (settings_.glue) name_numbered_labels(texts, glue_info(*settings_.glue));
  return texts;
}

/// Labels are needed but of a test: elsewhere a file that has none may be one whose label column is named wrongly.
TextFile TextFiles::read(const Source& source) const {
  TextFormat format = format_of(source.file);
  if (!settings_.glue && !settings_.has_pairs() && settings_.text != kSecondTextName &&
      std::ranges::find(settings_.label, kSecondTextName) == settings_.label.end() && is_first_reading(source.file)) {
    format.unread_second = kSecondTextName;
  }
  if (source.part == Part::kDevelopment) {
    format.if_unlabelled = "; a file without labels is read by `albert evaluate` with --part test";
  }
  return read_with(format, source.file, /*need_labels=*/source.part != Part::kTest);
}

std::vector<TextRecord> TextFiles::read_all(const std::vector<fs::path>& files) const {
  std::vector<TextRecord> records;
  for (const fs::path& file : files) {
    std::ranges::move(read_whole(file, /*need_labels=*/true).records, std::back_inserter(records));
  }
  return records;
}

std::string describe_texts(const TextFile& file, std::size_t num_truncated, const SetCounts& counts,
                           std::int64_t max_length) {
  std::string notes =
      fmt::format("{}; {} truncated to {} tokens", counted(file.records.size(), "example"), num_truncated, max_length);
  notes += describe_share(counts.num_of_other_part);
  if (file.num_left_out > 0) {
    notes += fmt::format("; {} left out, broken or without a label", counted(file.num_left_out, "row"));
  }
  if (file.num_empty_lines > 0) notes += fmt::format("; {}", counted(file.num_empty_lines, "empty line"));
  return notes;
}

}  // namespace albert::tasks
