#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "model/compute.h"
#include "tasks/text/glue_submission.h"

namespace albert::inference {

struct GlueSubmissionOptions {
  std::vector<std::filesystem::path> models;  ///< fine-tuned ones, one for each task; MNLI's answers AX too
  std::filesystem::path data;                 ///< the folder of all tasks, as distributed
  std::filesystem::path output;               ///< folder to write to
  bool overwrite = false;                     ///< replace files that lie there
  std::int64_t batch_tokens = 4096;           ///< see ScoringOptions
};

struct GlueSubmissionReport {
  std::vector<tasks::GlueSubmission::File> files;
  tasks::GlueSubmission::Others others;  ///< files that the leaderboard wants besides
};

/// Lets one model after another answer its task's test files, once all of them were opened and found to be of one task
/// each. The files take their places at the end, once all are whole.
/// Throws as tasks::GlueSubmission and open_task_model().
GlueSubmissionReport write_glue_submission(const GlueSubmissionOptions& options, const model::Compute& compute);

}  // namespace albert::inference
