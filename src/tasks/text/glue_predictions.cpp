#include "tasks/text/glue_predictions.h"

#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "base/atomic_file.h"

namespace albert::tasks {

std::string glue_submission_name(GlueTask task, const std::filesystem::path& test_file) {
  const std::string stem = test_file.stem().string();
  if (task == GlueTask::kAx || stem.starts_with("diagnostic")) return "AX.tsv";
  std::string name(glue_info(task).folder);
  if (task == GlueTask::kMnli) name += stem.find("mismatched") != std::string::npos ? "-mm" : "-m";
  return name + ".tsv";
}

std::vector<std::string> glue_submission_names() {
  std::vector<std::string> names;
  for (const GlueInfo& info : all_glue_tasks()) {
    for (const std::string& stem : info.test_files) {
      const std::string name = glue_submission_name(info.task, stem + ".tsv");
      if (std::ranges::count(names, name) == 0) names.push_back(name);
    }
  }
  return names;
}

std::string glue_similarity(double value) {
  return fmt::format("{:.3f}", std::clamp(value, 0.0, 5.0));
}

void write_glue_predictions(const std::filesystem::path& file, std::span<const GluePrediction> predictions) {
  std::string out = "index\tprediction\n";
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const GluePrediction& row = predictions[i];
    out += row.index.empty() ? std::to_string(i) : row.index;
    out += '\t';
    out += row.value;
    out += '\n';
  }
  write_file_atomically(file, out);
}

}  // namespace albert::tasks
