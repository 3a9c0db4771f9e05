#include "train/pretraining_objective.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "metrics/label_counts.h"
#include "metrics/pretraining_sums.h"
#include "model/config_json.h"
#include "model/initialize.h"
#include "model/pack.h"
#include "model/prediction_guard.h"
#include "text/tokenizer.h"

namespace albert::train {

namespace {

/// Transformers opens the folder with the class that has both heads.
constexpr const char* kArchitecture = R"({"architectures": ["AlbertForPreTraining"]})";

struct PretrainingMicroBatch : MicroBatch {
  model::PretrainingBatch batch;
  std::vector<std::int32_t> labels;  ///< those of the batch, on the host
};

model::PretrainingView view(const corpus::Example& example) {
  return {{example.token_ids, example.segment_ids}, example.masked_positions, example.labels, example.order_label};
}

/// \param device that the batch is for: the thread that makes it copies it there as well
std::unique_ptr<PretrainingMicroBatch> make_batch(const corpus::EpochExamples& epoch, std::uint64_t first,
                                                  std::int64_t count, std::int64_t first_number, double masking_rate,
                                                  at::Device device) {
  std::vector<corpus::Example> examples;
  std::vector<model::PretrainingView> views;
  auto made = std::make_unique<PretrainingMicroBatch>();
  for (std::int64_t i = 0; i < count; ++i) {
    examples.push_back(epoch.make(first + static_cast<std::uint64_t>(i), masking_rate));
    made->labels.insert(made->labels.end(), examples.back().labels.begin(), examples.back().labels.end());
  }
  views.reserve(examples.size());
  for (const corpus::Example& example : examples) views.push_back(view(example));
  made->batch = model::pack_pretraining(views, first_number).to(device);
  made->num_sequences = count;
  made->num_tokens = made->batch.sequences.num_tokens();
  made->num_targets = {static_cast<double>(made->batch.num_targets()),
                       made->batch.order_labels.defined() ? static_cast<double>(count) : 0};
  return made;
}

class PretrainingEpoch : public BatchEpoch {
 public:
  /// \param masking_rate by the number of updates done
  PretrainingEpoch(std::shared_ptr<const corpus::EpochExamples> examples,
                   std::function<double(std::int64_t step)> masking_rate, at::Device device)
      : examples_(std::move(examples)), masking_rate_(std::move(masking_rate)), device_(device) {}

  std::uint64_t size() const override { return examples_->size(); }
  std::int64_t num_tokens(std::uint64_t index) const override {
    return static_cast<std::int64_t>(examples_->num_tokens(index));
  }
  std::unique_ptr<MicroBatch> make(std::uint64_t first, std::int64_t count, std::int64_t first_number,
                                   std::int64_t step) const override {
    return make_batch(*examples_, first, count, first_number, masking_rate_(step), device_);
  }

 private:
  std::shared_ptr<const corpus::EpochExamples> examples_;
  std::function<double(std::int64_t)> masking_rate_;
  at::Device device_;
};

/// The members of metrics::PretrainingSums, as they lie there.
at::Tensor sums_of(const model::PretrainingOutput& output, const TargetCounts& num_targets) {
  const auto device = output.masked_lm_sum.device();
  const auto count = [&](double n) { return at::full({}, n, at::TensorOptions(device).dtype(at::kDouble)); };
  const bool has_order = output.order_sum.defined();
  return at::stack({output.masked_lm_sum.to(at::kDouble), output.masked_lm_correct.to(at::kDouble),
                    count(num_targets[0]), has_order ? output.order_sum.to(at::kDouble) : count(0),
                    has_order ? output.order_correct.to(at::kDouble) : count(0), count(num_targets[1])});  // [6]
}

/// The name of a parameter of a group of layers, in parts.
struct NameInGroup {
  std::string before;
  std::int64_t group = 0;
  std::string behind;

  std::string of(std::int64_t other) const { return before + std::to_string(other) + behind; }
};

std::optional<NameInGroup> parse_group(const std::string& name) {
  static const std::string kGroups = "albert_layer_groups.";
  const std::size_t place = name.find(kGroups);
  if (place == std::string::npos) return std::nullopt;
  const std::size_t begin = place + kGroups.size(), end = name.find('.', begin);
  return NameInGroup{name.substr(0, begin), std::stoll(name.substr(begin, end - begin)), name.substr(end)};
}

/// A batch without targets of a kind has a sum of 0 there: any divisor will do.
double divisor(double num_targets) {
  return std::max(num_targets, 1.0);
}

}  // namespace

PretrainingObjective::PretrainingObjective(std::shared_ptr<model::AlbertForPretraining> model,
                                           corpus::CorpusMix corpora, std::shared_ptr<const text::Tokenizer> tokenizer,
                                           const corpus::ExampleConfig& examples, const PretrainingOptions& options)
    : model_(std::move(model)),
      corpora_(std::move(corpora)),
      tokenizer_(std::move(tokenizer)),
      max_length_(examples.max_sequence_length),
      masking_rate_(examples.masking_rate.last()),
      held_out_(
          open_held_out(corpora_, *tokenizer_, examples, static_cast<std::uint64_t>(options.max_evaluation_sequences))),
      options_(options) {
  const auto open = [&](std::int64_t length) {
    corpus::ExampleConfig of_length = examples;
    of_length.max_sequence_length = length;
    auto& source = training_[length];
    if (!source) source = corpora_.examples(corpus::Split::kTrain, *tokenizer_, of_length, options.seed);
  };
  open(max_length_);
  if (!options_.stages) return;
  for (const Stages::Stage& stage : options_.stages->all()) open(stage.sequence_length);
}

std::shared_ptr<const BatchEpoch> PretrainingObjective::epoch(std::uint64_t number, std::int64_t step) const {
  return std::make_shared<PretrainingEpoch>(
      training_.at(sequence_length(step))->epoch(number),
      [this](std::int64_t update) {
        return options_.stages ? options_.stages->masking_rate(options_.course->place(update)) : masking_rate_;
      },
      model_->compute().device);
}

const Stages::Stage& PretrainingObjective::stage_of(std::int64_t step) const {
  return options_.stages->at(options_.course->place(step));
}

bool PretrainingObjective::changes_examples(std::int64_t step) const {
  return step > 0 && sequence_length(step) != sequence_length(step - 1);
}

std::optional<UpdateSize> PretrainingObjective::size_of_update(std::int64_t step) const {
  if (!options_.stages) return std::nullopt;
  const Stages::Stage& stage = stage_of(step);
  return UpdateSize{stage.batch_size, stage.micro_batch_size};
}

metrics::Figures PretrainingObjective::shape_of_update(std::int64_t step) const {
  if (!options_.stages) return {};
  const Stages::Stage& stage = stage_of(step);
  return {{"layers", static_cast<double>(stage.num_layers)},
          {"sequence_length", static_cast<double>(stage.sequence_length)},
          {"batch_size", static_cast<double>(stage.batch_size)},
          {"masking_rate", options_.stages->masking_rate(options_.course->place(step))}};
}

std::int64_t PretrainingObjective::num_layers(std::int64_t step) const {
  return options_.stages ? stage_of(step > 0 ? step - 1 : 0).num_layers : model_->config().num_hidden_layers;
}

std::vector<optim::ParameterCopy> PretrainingObjective::begin_update(std::int64_t step) {
  if (!first_step_) first_step_ = step;
  require_sound_data(step);
  pass_ = {.training = true,
           .seed = options_.seed,
           .step = static_cast<std::uint64_t>(step),
           .recompute = options_.recompute,
           .num_layers = num_layers(step + 1)};
  return stack_layers(step);
}

std::int64_t PretrainingObjective::sequence_length(std::int64_t step) const {
  return options_.stages ? stage_of(step).sequence_length : max_length_;
}

void PretrainingObjective::extend_positions(std::int64_t known, std::int64_t end) {
  for (const auto& parameter : model_->named_parameters()) {
    if (parameter.key().ends_with("position_embeddings.weight"))
      model::continue_positions(parameter.value(), known, end);
  }
}

std::int64_t PretrainingObjective::num_groups(std::int64_t num_layers) const {
  return model_->config().group_of_layer(num_layers - 1) + 1;
}

/// Where layers share no weights, a deeper model begins with copies of the layers that it has (Gong et al., "Efficient
/// Training of BERT by Progressively Stacking", 2019).
std::vector<optim::ParameterCopy> PretrainingObjective::stack_layers(std::int64_t step) {
  const std::int64_t known = num_groups(num_layers(step)), end = num_groups(num_layers(step + 1));
  std::vector<optim::ParameterCopy> copies;
  if (known >= end) return copies;
  const at::NoGradGuard no_gradients;
  const auto parameters = model_->named_parameters();
  for (const auto& parameter : parameters) {
    const std::optional<NameInGroup> name = parse_group(parameter.key());
    if (!name || name->group < known || name->group >= end) continue;
    const std::string original = name->of(name->group % known);
    parameter.value().copy_(parameters[original]);
    copies.push_back({original, parameter.key()});
  }
  return copies;
}

void PretrainingObjective::require_sound_data(std::int64_t step) const {
  if (options_.shard_check == nullptr) return;
  try {
    options_.shard_check->require_sound();
  } catch (const DataError& error) {
    const std::int64_t first = first_step_.value_or(step);
    if (step == first) throw;
    const std::string advice =
        first == 0 ? "begin the run anew"
                   : fmt::format("go on from a checkpoint up to step {}, and move later ones away", first);
    throw DataError("{}. The updates of this sitting, {} to {}, may have learnt from it: {}", error.what(), first + 1,
                    step, advice);
  }
}

Loss PretrainingObjective::loss(const MicroBatch& micro_batch, const TargetCounts& update_targets) {
  const auto& made = static_cast<const PretrainingMicroBatch&>(micro_batch);
  const model::LossNormalisers normalisers{divisor(update_targets[0]), divisor(update_targets[1])};
  const model::PretrainingOutput output = model_->forward(made.batch, normalisers, pass_);
  return {output.loss, sums_of(output, made.num_targets)};
}

std::size_t PretrainingObjective::num_sums() const {
  return metrics::PretrainingSums::kSize;
}

metrics::Figures PretrainingObjective::figures(std::span<const double> sums) const {
  return metrics::PretrainingSums::from(sums.first<metrics::PretrainingSums::kSize>()).figures();
}

std::optional<Evaluation> PretrainingObjective::evaluate(parallel::Group& ranks, std::int64_t step) {
  if (held_out_.empty()) return std::nullopt;
  const model::PredictionGuard predicting;
  const std::vector<HeldOutBatch> batches = batches_of(held_out_, options_.evaluation_batch_size);
  const auto width = static_cast<std::int64_t>(num_sums());
  metrics::LabelCounts labels;
  at::Tensor by_batch = at::zeros({static_cast<std::int64_t>(batches.size()), width}, at::kDouble);
  for (std::int64_t number = 0; number < by_batch.size(0); ++number) {
    const auto& [part, first, count] = batches[static_cast<std::size_t>(number)];
    const auto made =
        make_batch(*held_out_[part].examples, first, count, 0, kEvaluationMaskingRate, model_->compute().device);
    labels.add(made->labels, held_out_[part].weight);
    if (number % ranks.size() != ranks.rank()) continue;
    const model::PretrainingOutput output = model_->forward(made->batch, {}, {.num_layers = num_layers(step)});
    by_batch[number] = sums_of(output, made->num_targets).cpu();
  }
  ranks.sum(by_batch);  // exact: of each number all ranks but one have 0
  at::Tensor sums = at::zeros({width}, at::kDouble);
  at::Tensor by_part = at::zeros({static_cast<std::int64_t>(held_out_.size()), width}, at::kDouble);
  for (std::int64_t number = 0; number < by_batch.size(0); ++number) {
    const std::size_t part = batches[static_cast<std::size_t>(number)].part;
    by_part[static_cast<std::int64_t>(part)] += by_batch[number];
    sums += held_out_[part].weight * by_batch[number];
  }
  Evaluation evaluation{figures({sums.const_data_ptr<double>(), num_sums()}), options_.metric, {}};
  evaluation.value = metrics::find(evaluation.figures, evaluation.metric);
  if (const auto guess = labels.most_frequent()) {
    evaluation.figures.emplace_back("constant_guess_mlm_accuracy", guess->second);
  }
  for (std::size_t part = 0; part < held_out_.size(); ++part) {
    if (held_out_[part].name.empty()) continue;
    const double* const own = by_part.const_data_ptr<double>() + part * num_sums();
    for (const auto& [name, value] : figures({own, num_sums()}))
      evaluation.figures.emplace_back(held_out_[part].name + "_" + name, value);
  }
  return evaluation;
}

optim::NamedTensors PretrainingObjective::parameters() const {
  return optim::named_tensors(model_->named_parameters());
}

checkpoint::ModelContents PretrainingObjective::model(std::int64_t step) const {
  model::AlbertConfig config = model_->config();
  config.num_hidden_layers = num_layers(step);
  config.num_hidden_groups = num_groups(config.num_hidden_layers);
  optim::NamedTensors reached = parameters();
  std::erase_if(reached, [&](const optim::NamedTensor& parameter) {
    const std::optional<NameInGroup> name = parse_group(parameter.name);
    return name && name->group >= config.num_hidden_groups;
  });
  return {.parameters = std::move(reached),
          .config_json = model::to_config_json(config, kArchitecture),
          .type = config.model_type,
          .tokenizer = tokenizer_.get(),
          .max_length = config.max_position_embeddings};
}

std::map<std::string, std::string> PretrainingObjective::fingerprints() const {
  std::map<std::string, std::string> fingerprints = corpora_.fingerprints();
  fingerprints["tokenizer"] = tokenizer_->fingerprint();
  return fingerprints;
}

}  // namespace albert::train
