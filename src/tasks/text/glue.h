#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tasks/text/format.h"

namespace albert::tasks {

/// The tasks of GLUE (Wang et al., arXiv 1804.07461).
enum class GlueTask { kCola, kSst2, kMrpc, kStsb, kQqp, kMnli, kQnli, kRte, kWnli, kAx };

/// What is known of a task.
struct GlueInfo {
  GlueTask task;
  std::string_view name;          ///< "sst2", as in the configuration
  std::string_view folder;        ///< "SST-2", as distributed
  std::string_view other_folder;  ///< that it also goes by; empty: none
  /// By class, in the order of google-research/albert classifier_utils.py; empty for numbers (STS-B, 0 to 5).
  std::vector<std::string> labels;
  TextFormat tsv;
  TextFormat jsonl;
  std::vector<std::string> training_files;  ///< without extension, ".tsv" or ".jsonl"
  std::vector<std::string> development_files;
  std::vector<std::string> test_files;
};

const GlueInfo& glue_info(GlueTask task);
std::span<const GlueInfo> all_glue_tasks();

/// The files of one part of a task that are there, of each ".tsv" or else ".jsonl"; there may be none.
/// \param folder of the task, or of all tasks
/// \param stems one of the lists of GlueInfo; for "dev" a file may also say "validation", "valid" or "val"
std::vector<std::filesystem::path> list_glue_files(const std::filesystem::path& folder, const GlueInfo& info,
                                                   const std::vector<std::string>& stems);

/// The same.
/// Throws DataError that says which names were looked for if there is none.
std::vector<std::filesystem::path> find_glue_files(const std::filesystem::path& folder, const GlueInfo& info,
                                                   const std::vector<std::string>& stems);

/// The labels of a task in the order of Hugging Face's data sets, in whose files they are numbers from 0.
std::vector<std::string> hugging_face_order(const GlueInfo& info);

/// What the files of a task call the classes of a model that Transformers wrote: classes of the same names but for case
/// keep their order, those of numbered labels and those without names have that of Hugging Face's data sets.
/// \param labels of the model
/// Throws UsageError if they are not the same classes.
std::vector<std::string> glue_labels(const std::vector<std::string>& labels, const GlueInfo& info);

}  // namespace albert::tasks
