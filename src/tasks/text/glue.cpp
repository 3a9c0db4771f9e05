#include "tasks/text/glue.h"

#include <algorithm>
#include <optional>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "tasks/text/glue_answers.h"

namespace albert::tasks {

namespace fs = std::filesystem;

namespace {

using Names = std::vector<std::string>;

/// Columns go by their names in the header, so that training, development and test files, which have them in different
/// places, are read alike. The places that google-research/albert classifier_utils.py counts on are those of the
/// distributed headers.
TextFormat with_header(const TextColumns& columns) {
  return {.columns = columns, .needs_rows = false};  // submissions know records by their ids
}

TextFormat json_lines(TextFormat format) {
  format.rows = RowFormat::kJsonl;
  return format;
}

GlueInfo task(GlueTask task, std::string_view name, std::string_view folder, Names labels, const TextFormat& format) {
  return {.task = task,
          .name = name,
          .folder = folder,
          .other_folder = {},
          .labels = std::move(labels),
          .tsv = format,
          .jsonl = json_lines(format),
          .training_files = {"train"},
          .development_files = {"dev"},
          .test_files = {"test"}};
}

GlueInfo cola() {
  TextFormat format = with_header({.first = {"sentence"}, .second = {}, .labels = {{"label"}}, .id = kIndexNames});
  format.header = HeaderRow::kIfNamed;  // train.tsv and dev.tsv have none, test.tsv has one
  format.columns_without_header = {.first = {"4"}, .second = {}, .labels = {{"2"}}, .id = {}};
  return task(GlueTask::kCola, "cola", "CoLA", {"0", "1"}, format);
}

GlueInfo qqp() {
  TextFormat format = with_header(
      {.first = {"question1"}, .second = {"question2"}, .labels = {{"is_duplicate", "label"}}, .id = kIndexNames});
  format.has_broken_rows = true;
  return task(GlueTask::kQqp, "qqp", "QQP", {"0", "1"}, format);
}

/// MNLI and AX: the diagnostic set is answered by a model of MNLI.
GlueInfo mnli(GlueTask kind, std::string_view name, std::string_view folder) {
  TextFormat format = with_header({.first = {"sentence1", "premise", "Premise"},
                                   .second = {"sentence2", "hypothesis", "Hypothesis"},
                                   .labels = {{"gold_label", "label", "Label"}},
                                   .id = kIndexNames});
  format.left_out_label = std::string(1, '-');
  GlueInfo info = task(kind, name, folder, {"contradiction", "entailment", "neutral"}, format);
  info.development_files = {"dev_matched", "dev_mismatched"};
  info.test_files = {"test_matched", "test_mismatched", "diagnostic"};
  return info;
}

GlueInfo ax() {
  GlueInfo info = mnli(GlueTask::kAx, "ax", "AX");
  info.other_folder = "diagnostic";
  info.training_files = {};
  info.development_files = {};
  info.test_files = {"diagnostic", "AX"};
  return info;
}

std::vector<GlueInfo> make_tasks() {
  const auto pair = [](std::string first, std::string second, Names label) {
    return with_header(
        {.first = {std::move(first)}, .second = {std::move(second)}, .labels = {std::move(label)}, .id = kIndexNames});
  };
  TextFormat mrpc = pair("#1 String", "#2 String", {"Quality", "label"});
  mrpc.columns.first.emplace_back("sentence1");
  mrpc.columns.second.emplace_back("sentence2");
  return {
      cola(),
      task(GlueTask::kSst2, "sst2", "SST-2", {"0", "1"},
           with_header({.first = {"sentence"}, .second = {}, .labels = {{"label"}}, .id = kIndexNames})),
      task(GlueTask::kMrpc, "mrpc", "MRPC", {"0", "1"}, mrpc),
      task(GlueTask::kStsb, "stsb", "STS-B", {}, pair("sentence1", "sentence2", {"score", "label"})),
      qqp(),
      mnli(GlueTask::kMnli, "mnli", "MNLI"),
      task(GlueTask::kQnli, "qnli", "QNLI", {"entailment", "not_entailment"}, pair("question", "sentence", {"label"})),
      task(GlueTask::kRte, "rte", "RTE", {"entailment", "not_entailment"}, pair("sentence1", "sentence2", {"label"})),
      task(GlueTask::kWnli, "wnli", "WNLI", {"0", "1"}, pair("sentence1", "sentence2", {"label"})),
      ax()};
}

/// A stem and those that stand for it: Hugging Face's copies call the development files validation.
Names names_for(const std::string& stem) {
  Names names = {stem};
  if (stem.starts_with("dev")) {
    for (const char* other : {"validation", "valid", "val"}) names.push_back(other + stem.substr(3));
  }
  return names;
}

/// The first file of one of the names.
std::optional<fs::path> find_file(const fs::path& folder, const Names& names) {
  for (const std::string& name : names) {
    for (const char* extension : {".tsv", ".jsonl"}) {
      if (fs::path file = folder / (name + extension); fs::exists(file)) return file;
    }
  }
  return std::nullopt;
}

}  // namespace

std::span<const GlueInfo> all_glue_tasks() {
  static const std::vector<GlueInfo> kTasks = make_tasks();
  return kTasks;
}

const GlueInfo& glue_info(GlueTask task) {
  return *std::ranges::find(all_glue_tasks(), task, &GlueInfo::task);
}

std::vector<fs::path> list_glue_files(const fs::path& folder, const GlueInfo& info,
                                      const std::vector<std::string>& stems) {
  fs::path place = folder;
  for (const std::string_view inner : {info.folder, info.other_folder}) {
    if (!inner.empty() && place == folder && fs::is_directory(folder / inner)) place /= inner;
  }
  std::vector<fs::path> found;
  for (const std::string& stem : stems) {
    if (auto file = find_file(place, names_for(stem))) found.push_back(std::move(*file));
  }
  return found;
}

std::vector<fs::path> find_glue_files(const fs::path& folder, const GlueInfo& info,
                                      const std::vector<std::string>& stems) {
  std::vector<fs::path> found = list_glue_files(folder, info, stems);
  if (!found.empty()) return found;
  throw DataError("{}: expected {} (.tsv or .jsonl) of {} in this folder, or in its folder {}; found none",
                  folder.string(), fmt::join(stems, " or "), info.folder, info.folder);
}

}  // namespace albert::tasks
