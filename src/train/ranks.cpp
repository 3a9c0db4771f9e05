#include "train/ranks.h"

#include "base/log.h"
#include "model/rank_device.h"

namespace albert::train {

parallel::GroupOptions group_options(const TrainingConfig& config) {
  return {.timeout = std::chrono::seconds(config.parallel.timeout_s),
          .join_timeout = std::chrono::seconds(config.parallel.join_timeout_s),
          .device = model::device_of_rank(config.train.compute.device, parallel::find_launch().local_rank)};
}

RunOptions resumed_after_restart(RunOptions options, const parallel::Group& ranks) {
  if (ranks.launch().restarts > 0) options.resume = true;
  return options;
}

model::Compute set_up_compute(model::ComputeConfig& config, const parallel::Group& ranks) {
  const c10::Device device = model::device_of_rank(config.device, ranks.launch().local_rank);
  return model::set_up_compute(config, {.gpu = device.has_index() ? device.index() : 0, .threads = ranks.num_cores()});
}

void log_start(const std::string& configuration, const model::Compute& compute, const parallel::Group& ranks) {
  log_debug("configuration, and where each value was written:\n{}", configuration);
  log_info("computing on {}{}", compute.to_string(),
           ranks.is_alone() ? "" : fmt::format(", each of {} ranks", ranks.size()));
}

}  // namespace albert::train
