#include "train/starting_model.h"

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/log.h"
#include "base/shown.h"
#include "checkpoint/model_folder.h"
#include "model/initialize.h"

namespace albert::train {

namespace {

using tasks::Task;

bool have_same_shape(const model::HeadConfig& a, const model::HeadConfig& b) {
  return a.kind == b.kind && a.num_labels == b.num_labels && a.objective == b.objective;
}

bool read_same_data(const tasks::TaskConfig& a, const tasks::TaskConfig& b) {
  return &a.type() == &b.type() && a.settings().has_same_data(b.settings());
}

/// The task that the folder's head was trained for; null if it has none.
std::unique_ptr<Task> task_of(const inference::ModelFolder& folder) {
  const auto stored = folder.definition();
  return stored ? tasks::make_task(stored->definition, folder.tokenizer) : nullptr;
}

/// Whether the folder's head is taken; says why not, where there is one.
bool takes_head(const inference::ModelFolder& folder, HeadChoice choice, const Task& task) {
  const auto was = task_of(folder);
  if (choice == HeadChoice::kTake) {
    if (was && have_same_shape(was->head(), task.head())) return true;
    throw UsageError("model.head: take: {} has no head of the shape that the task needs, with {} labels; found {}",
                     folder.path.string(), task.head().num_labels,
                     was ? why_head_differs(*was, task).value_or("another") : "none");
  }
  if (!was || choice == HeadChoice::kFresh) return false;
  const auto difference = why_head_differs(*was, task);
  if (difference) {
    log_warning("the head of {} is not taken: {}{}", folder.path.string(), *difference,
                have_same_shape(was->head(), task.head()) ? "; model.head: take would take it all the same" : "");
  }
  return !difference;
}

}  // namespace

std::optional<std::string> why_head_differs(const Task& was, const Task& is) {
  const auto& before = was.definition();
  const auto& now = is.definition();
  if (!read_same_data(before.config, now.config) || was.head().kind != is.head().kind) {
    return "it is of a task of another kind, or for other data";
  }
  if (before.labels != now.labels) {
    return fmt::format("its labels are {}, those of the task {}", listed(before.labels), listed(now.labels));
  }
  if (!have_same_shape(was.head(), is.head())) return "it was trained for another objective";
  return std::nullopt;
}

std::shared_ptr<model::TaskModel> make_model(const inference::ModelFolder& folder, const StartingModelConfig& config,
                                             const Task& task, const model::Compute& compute, std::uint64_t seed) {
  const model::AlbertConfig shape = config.over(folder.config);
  auto albert = model::make_task_model(shape, task.head(), compute);
  model::initialize(*albert, shape, seed);
  if (!config.freeze_encoder) return albert;
  for (const auto& [name, tensor] : optim::named_tensors(albert->named_parameters())) {
    if (name.starts_with("albert.") && !name.starts_with("albert.pooler.")) tensor.set_requires_grad(false);
  }
  return albert;
}

void take_weights(const inference::ModelFolder& folder, const StartingModelConfig& config, const Task& task,
                  const model::TaskModel& albert) {
  if (config.fresh_weights) {
    log_warning("model.fresh_weights: no weight of {} is taken, training starts from noise", folder.path.string());
    return;
  }
  const bool with_head = takes_head(folder, config.head, task);
  const auto report =
      checkpoint::load_parameters(folder.path, optim::named_tensors(albert.named_parameters()),
                                  with_head ? checkpoint::Match::kTask : checkpoint::Match::kFineTuning);
  log_warning("fine-tuning starts from {}{}\n{}", folder.path.string(),
              with_head ? ", its head included: it was fine-tuned for the same task" : "", report.to_string());
}

}  // namespace albert::train
