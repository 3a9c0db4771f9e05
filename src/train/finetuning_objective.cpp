#include "train/finetuning_objective.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <spdlog/fmt/fmt.h>

#include "base/checksum.h"
#include "inference/scoring.h"
#include "model/config_json.h"
#include "tasks/definition_json.h"
#include "text/tokenizer.h"

namespace albert::train {

namespace {

struct FinetuningMicroBatch : MicroBatch {
  model::ItemBatch batch;
};

class FinetuningEpoch : public BatchEpoch {
 public:
  FinetuningEpoch(std::shared_ptr<const tasks::DataSet> data, model::HeadKind head, model::LossConfig loss,
                  ItemOrder order, at::Device device)
      : data_(std::move(data)), head_(head), loss_(std::move(loss)), order_(std::move(order)), device_(device) {}

  std::uint64_t size() const override { return order_.items.size(); }
  std::int64_t update_size(std::uint64_t first) const override { return order_.update_size(first); }
  std::int64_t num_tokens(std::uint64_t index) const override { return item(index).num_tokens(); }

  std::unique_ptr<MicroBatch> make(std::uint64_t first, std::int64_t count, std::int64_t first_number,
                                   std::int64_t /*step*/) const override {
    std::vector<const model::Item*> items;
    items.reserve(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) items.push_back(&item(first + static_cast<std::uint64_t>(i)));
    auto made = std::make_unique<FinetuningMicroBatch>();
    made->batch = model::pack_items(items, head_, num_sequences(first, first_number)).to(device_);
    made->num_sequences = count;
    made->num_tokens = made->batch.sequences.num_tokens();
    made->num_targets = {0};
    for (const model::Item* item : items) made->num_targets[0] += model::target_weight(*item, head_, loss_);
    return made;
  }

 private:
  const model::Item& item(std::uint64_t index) const { return data_->item(order_.items[index]); }

  /// How many sequences the `count` items before `first` have: those of the same update, so that dropout does not
  /// depend on how it is split.
  std::int64_t num_sequences(std::uint64_t first, std::int64_t count) const {
    std::int64_t sum = 0;
    for (std::int64_t i = 1; i <= count; ++i) {
      sum += static_cast<std::int64_t>(item(first - static_cast<std::uint64_t>(i)).sequences.size());
    }
    return sum;
  }

  std::shared_ptr<const tasks::DataSet> data_;
  model::HeadKind head_;
  model::LossConfig loss_;
  ItemOrder order_;
  at::Device device_;  ///< that the batches are for: the thread that makes one copies it there as well
};

template <typename Value>
std::string_view bytes_of(const std::vector<Value>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Value)};
}

/// Checksum of what is learnt from: equal when every item is.
std::string fingerprint_of(const tasks::DataSet& data) {
  Checksum sum;
  for (std::size_t i = 0; i < data.num_items(); ++i) {
    const model::Item& item = data.item(i);
    for (const model::Sequence& sequence : item.sequences) sum.update(bytes_of(sequence.token_ids));
    sum.update(bytes_of(item.positions));
    sum.update(bytes_of(item.labels));
    sum.update(bytes_of(item.values));
  }
  return sum.hex();
}

std::vector<std::int64_t> lengths_of(const tasks::DataSet& data) {
  std::vector<std::int64_t> lengths(data.num_items());
  for (std::size_t i = 0; i < lengths.size(); ++i) lengths[i] = data.item(i).num_tokens();
  return lengths;
}

}  // namespace

FinetuningObjective::FinetuningObjective(std::shared_ptr<model::TaskModel> model,
                                         std::shared_ptr<const tasks::Task> task,
                                         std::shared_ptr<const tasks::DataSet> training,
                                         std::vector<DevelopmentSet> development,
                                         std::shared_ptr<const text::Tokenizer> tokenizer, FinetuningOptions options)
    : model_(std::move(model)),
      task_(std::move(task)),
      training_(std::move(training)),
      development_(std::move(development)),
      tokenizer_(std::move(tokenizer)),
      options_(std::move(options)),
      lengths_(lengths_of(*training_)) {}

std::shared_ptr<const BatchEpoch> FinetuningObjective::epoch(std::uint64_t number, std::int64_t /*step*/) const {
  return std::make_shared<FinetuningEpoch>(training_, model_->head().kind, options_.loss,
                                           order_items(lengths_, options_.batches, options_.seed, number),
                                           model_->compute().device);
}

std::int64_t FinetuningObjective::count_updates(double epochs) const {
  return train::count_updates(lengths_, options_.batches, options_.seed, epochs);
}

std::vector<optim::ParameterCopy> FinetuningObjective::begin_update(std::int64_t step) {
  pass_ = {true, options_.seed, static_cast<std::uint64_t>(step), options_.recompute};
  settled_.reset();  // it belonged to the weights before this update
  return {};
}

Loss FinetuningObjective::loss(const MicroBatch& micro_batch, const TargetCounts& update_targets) {
  const model::ItemBatch& batch = static_cast<const FinetuningMicroBatch&>(micro_batch).batch;
  const at::Tensor sum = model_->loss_sum(model_->scores(batch, pass_), batch, options_.loss);
  const at::Tensor counted =
      at::full({}, micro_batch.num_targets[0], sum.options().dtype(at::kDouble).requires_grad(false));
  const double divisor = update_targets[0] > 0 ? update_targets[0] : 1;  // the sum is 0 where nothing counts
  return {sum / divisor, at::stack({sum.detach().to(at::kDouble), counted})};
}

metrics::Figures FinetuningObjective::figures(std::span<const double> sums) const {
  metrics::Figures figures;
  if (const auto loss = metrics::Mean{sums[0], sums[1]}.value()) figures.emplace_back("loss", *loss);
  return figures;
}

/// The model that evaluations compute with. Where they find a threshold or a temperature, it is one in float32 with the
/// same weights: what is found there will be used on the scores that `albert evaluate` and `albert predict` compute.
model::TaskModel& FinetuningObjective::evaluated_model() {
  model::Compute compute = model_->compute();
  if (!task_->definition().config.needs_fitting() || compute.precision == model::Precision::kFloat32) return *model_;
  compute.precision = model::Precision::kFloat32;
  if (!exact_model_) exact_model_ = model::make_task_model(model_->config(), model_->head(), compute);
  const at::NoGradGuard no_gradients;
  const auto weights = model_->named_parameters();
  for (auto& parameter : exact_model_->named_parameters()) parameter.value().copy_(weights[parameter.key()]);
  return *exact_model_;
}

std::optional<Evaluation> FinetuningObjective::evaluate(parallel::Group& ranks, std::int64_t /*step*/) {
  if (development_.empty()) return std::nullopt;
  model::TaskModel& model = evaluated_model();
  Evaluation evaluation;
  evaluation.metric = task_->metric();
  for (const auto& [prefix, data] : development_) {
    const metrics::Mean loss =
        inference::score_items(model, *data, {.batch_tokens = options_.evaluation_batch_tokens, .ranks = &ranks});
    if (const auto mean = loss.value()) evaluation.figures.emplace_back(prefix + "loss", *mean);
    if (prefix.empty()) settled_ = data->fitted();
    const tasks::Judgement judgement = settled_ ? data->judge(*settled_) : data->judge();
    metrics::Figures figures = judgement.figures;
    const metrics::Calibration calibration = data->calibration(settled_.value_or(task_->definition()));
    std::ranges::move(tasks::calibration_figures(calibration), std::back_inserter(figures));
    for (const auto& [name, value] : figures) evaluation.figures.emplace_back(prefix + name, value);
    if (!prefix.empty()) continue;
    for (const auto& [name, reason] : judgement.undefined) {
      if (name == evaluation.metric) evaluation.why_no_value = fmt::format("{} is undefined: {}", name, reason);
    }
  }
  evaluation.value = metrics::find(evaluation.figures, evaluation.metric);
  return evaluation;
}

checkpoint::ModelContents FinetuningObjective::model(std::int64_t /*step*/) const {
  return {.parameters = optim::named_tensors(model_->named_parameters()),
          .config_json = model::to_config_json(model_->config(),
                                               tasks::definition_to_json(settled_.value_or(task_->definition()))),
          .type = model_->config().model_type,
          .tokenizer = tokenizer_.get(),
          .max_length = model_->config().max_position_embeddings};
}

std::map<std::string, std::string> FinetuningObjective::fingerprints() const {
  std::map<std::string, std::string> fingerprints = {{"training data", fingerprint_of(*training_)},
                                                     {"tokenizer", tokenizer_->fingerprint()}};
  std::string of_sets;
  for (const DevelopmentSet& set : development_) of_sets += fingerprint_of(*set.data);
  if (!of_sets.empty()) fingerprints.emplace(kEvaluationData, checksum_of(of_sets));
  return fingerprints;
}

}  // namespace albert::train
