#include "inference/glue_submission.h"

#include <algorithm>

#include "base/log.h"
#include "base/progress.h"
#include "inference/open_model.h"
#include "tasks/scoring.h"

namespace albert::inference {

GlueSubmissionReport write_glue_submission(GlueSubmissionOptions options) {
  const model::Compute compute = model::set_up_compute(options.compute);
  downstream::GlueSubmission submission(options.data, options.output);
  GlueSubmissionReport report;
  for (const std::filesystem::path& folder : options.models) {
    const TaskModelFolder opened = open_task_model(folder);
    opened.model->to(compute.device);
    const auto score = [&](downstream::ItemSet& items) {
      Progress progress(opened.downstream->definition().config.name, items.num_items());
      tasks::score_items(*opened.model, items,
                         {.device = compute.device,
                          .precision = compute.precision,
                          .batch_tokens = options.batch_tokens,
                          .progress = [&](std::size_t done, std::size_t) { progress.update(done, ""); }});
    };
    std::ranges::copy(submission.add(*opened.downstream, score), std::back_inserter(report.files));
  }
  report.missing = submission.missing();
  return report;
}

}  // namespace albert::inference
