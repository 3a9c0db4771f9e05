#include "downstream/text/files.h"

#include <algorithm>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/file.h"
#include "datasets/text/columns.h"
#include "datasets/text/reader.h"
#include "downstream/held_out.h"
#include "downstream/part_files.h"

namespace albert::downstream {

namespace {

using datasets::RowFormat;

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
  return datasets::row_format_by_name(file);
}

datasets::TextColumns own_columns(const TextConfig& config) {
  datasets::TextColumns columns{.first = {config.text}, .second = {}, .labels = {}, .id = {}};
  if (!config.second_text.empty()) columns.second = {config.second_text};
  for (const std::string& label : config.label) columns.labels.push_back({label});
  return columns;
}

bool is_by_name(const datasets::ColumnNames& names) {
  return std::ranges::any_of(names, [](const std::string& name) { return !datasets::column_number(name); });
}

bool has_header(const TextConfig& config) {
  if (config.header != HeaderChoice::kByColumns) return config.header == HeaderChoice::kPresent;
  const datasets::TextColumns columns = own_columns(config);
  return is_by_name(columns.first) || is_by_name(columns.second) || std::ranges::any_of(columns.labels, is_by_name);
}

}  // namespace

std::vector<fs::path> TextFiles::find(const fs::path& path, Part part) const {
  if (fs::is_regular_file(path)) return {path};
  if (!fs::is_directory(path)) throw DataError("{}: there is no such file or folder", path.string());
  return config_.glue ? find_glue(path, part) : find_own(path, part);
}

std::vector<fs::path> TextFiles::find_glue(const fs::path& folder, Part part) const {
  const datasets::GlueInfo& info = datasets::glue_info(*config_.glue);
  const auto stems = [part](const datasets::GlueInfo& task) {
    return part == Part::kTrain         ? task.training_files
           : part == Part::kDevelopment ? task.development_files
                                        : task.test_files;
  };
  // The diagnostic set has no training data: it is answered by a model of MNLI.
  const bool is_of_mnli = info.task == datasets::GlueTask::kAx && part != Part::kTest;
  const datasets::GlueInfo& source = is_of_mnli ? datasets::glue_info(datasets::GlueTask::kMnli) : info;
  const bool has_test_alone = part == Part::kDevelopment &&
                              datasets::list_glue_files(folder, source, stems(source)).empty() &&
                              !datasets::list_glue_files(folder, info, info.test_files).empty();
  if (has_test_alone) {
    throw DataError(
        "{}: there is a test set of {}, but nothing for development; `albert evaluate` reads it with "
        "--part test",
        folder.string(), info.folder);
  }
  return datasets::find_glue_files(folder, source, stems(source));
}

std::vector<fs::path> TextFiles::find_own(const fs::path& folder, Part part) const {
  std::vector<fs::path> found = files_of_part(folder, part, extensions_of(config_.format));
  if (found.size() > 1) {
    throw DataError("{}: {} and {} could both hold the {} data; name the one that is meant", folder.string(),
                    found[0].filename().string(), found[1].filename().string(), name_of(part));
  }
  if (!found.empty()) return found;
  if (part == Part::kDevelopment && config_.held_out > 0) return find_own(folder, Part::kTrain);
  throw DataError("{}: no {} data: expected a file named {} with the extension {}", folder.string(), name_of(part),
                  fmt::join(stems_of(part), " or "), fmt::join(extensions_of(config_.format), " or "));
}

bool TextFiles::must_divide(const fs::path& training_file) const {
  if (config_.glue || config_.held_out == 0) return false;
  if (!names_part(training_file, Part::kTrain)) return true;
  return files_of_part(training_file.parent_path(), Part::kDevelopment, extensions_of(config_.format)).empty();
}

datasets::TextFormat TextFiles::format_of(const fs::path& file) const {
  if (config_.glue) {
    const datasets::GlueInfo& info = datasets::glue_info(*config_.glue);
    return datasets::row_format_by_name(file) == RowFormat::kJsonl ? info.jsonl : info.tsv;
  }
  datasets::TextFormat format;
  format.rows = row_format(config_.format, file);
  format.header = has_header(config_) ? datasets::HeaderRow::kPresent : datasets::HeaderRow::kAbsent;
  format.columns = own_columns(config_);
  format.encoding = config_.encoding;
  return format;
}

datasets::TextColumns TextFiles::stream_columns() const {
  if (config_.glue) return datasets::glue_info(*config_.glue).tsv.columns;
  datasets::TextColumns columns = own_columns(config_);
  columns.labels.clear();
  columns.first.emplace_back("text");
  if (!columns.second.empty()) columns.second.emplace_back("second_text");
  return columns;
}

datasets::TextFile TextFiles::read_whole(const fs::path& file, bool need_labels) const {
  return datasets::read_texts(file, format_of(file), need_labels);
}

TextFiles::Rows TextFiles::read(const fs::path& file, Part part) const {
  Rows rows{.file = read_whole(file, part != Part::kTest)};
  if (part == Part::kTest || file.filename() != config_.held_out_of) return rows;
  rows.num_of_other_part = std::erase_if(rows.file.records, [&](const datasets::TextRecord& record) {
    return is_held_out(record.row, config_.held_out) != (part == Part::kDevelopment);
  });
  if (rows.file.records.empty()) {
    throw DataError(
        "{}: a share of {} held out for evaluation leaves no row for {}; there are {}, and rows alike stay together; "
        "change the share, or give a folder with a file for training and one for evaluation",
        file.string(), config_.held_out, part == Part::kTrain ? "training" : "it", rows.num_of_other_part);
  }
  return rows;
}

}  // namespace albert::downstream
