#include "train/pretrain.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/shown.h"
#include "base/signals.h"
#include "checkpoint/store.h"
#include "corpus/examples/corpus_mix.h"
#include "corpus/store/shard_check.h"
#include "inference/open_model.h"
#include "model/compute.h"
#include "model/initialize.h"
#include "model/pretraining.h"
#include "model/statistics.h"
#include "optim/optimizer_config.h"
#include "optim/schedule.h"
#include "text/tokenizer.h"
#include "text/tokenizer_files.h"
#include "train/pretrain_config.h"
#include "train/pretraining_objective.h"
#include "train/ranks.h"
#include "train/stages.h"

namespace albert::train {

namespace {

WrittenPretrainConfig read_config(const PretrainOptions& options) {
  WrittenPretrainConfig config = read_pretrain_config(options.run.configuration(), options.run.assignments);
  if (config.values.data.corpus.empty() && config.values.data.corpora.empty()) {
    throw UsageError(
        "{}: data.corpus names no corpus; add --set data.corpus=DIR, a folder made by `albert corpus build`, or "
        "several of them: --set data.corpora='[{{corpus: DIR, weight: 0.7}}, {{corpus: DIR, weight: 0.3}}]'",
        config.source.locate("data.corpus"));
  }
  return config;
}

/// Takes the vocabulary's size from the corpus's tokenizer.
void settle_vocabulary(WrittenPretrainConfig& config, const corpus::CorpusMix& corpora,
                       const text::Tokenizer& tokenizer) {
  std::int64_t& size = config.values.model.vocab_size;
  if (size != 0 && size != tokenizer.vocabulary_size()) {
    throw UsageError(
        "{}: model.vocab_size is {}, but the tokenizer of the corpus {} has {} pieces; leave model.vocab_size out, and "
        "it is taken from there",
        config.source.locate("model.vocab_size"), size, corpora.tokenizer_folder().parent_path().string(),
        tokenizer.vocabulary_size());
  }
  size = tokenizer.vocabulary_size();
}

std::shared_ptr<model::AlbertForPretraining> make_model(const PretrainConfig& config, const model::Compute& compute) {
  auto albert = std::make_shared<model::AlbertForPretraining>(config.model, compute);
  model::initialize(*albert, config.model, static_cast<std::uint64_t>(config.training.train.seed));
  return albert;
}

bool has_vocabulary(const fs::path& folder) {
  return fs::exists(folder / text::kModelFile) || fs::exists(folder / text::kVocabularyFile) ||
         fs::exists(folder / text::kTokenizerFile);
}

/// Takes the weights of another model, and nothing else of it.
void take_weights(const fs::path& path, const text::Tokenizer& tokenizer, const model::AlbertForPretraining& albert) {
  const fs::path folder = inference::find_model_folder(path);
  if (has_vocabulary(folder)) {
    const auto other = checkpoint::open_tokenizer(folder);
    if (other->fingerprint() != tokenizer.fingerprint()) {
      throw UsageError(
          "{} was trained with another tokenizer ({} pieces) than the corpus was encoded with ({} pieces): its word "
          "embeddings would belong to other words; build the corpus with --tokenizer {}",
          folder.string(), other->vocabulary_size(), tokenizer.vocabulary_size(), folder.string());
    }
  }
  const auto report =
      checkpoint::load_parameters(folder, optim::named_tensors(albert.named_parameters()), checkpoint::Match::kEncoder);
  log_warning("weights taken from another model, {}; optimizer, schedule and data start anew\n{}", folder.string(),
              report.to_string());
}

/// That a model was trained with: none for random weights, nothing where it is not known.
std::optional<std::int64_t> longest_sequence_of(const fs::path& model) {
  if (model.empty()) return 0;
  const auto state = checkpoint::read_state(checkpoint::find_checkpoint(model).value_or(model));
  return state ? state->longest_sequence : std::nullopt;
}

RunCommand command_of(const PretrainOptions& options, const std::string& version) {
  const std::string weights_option = "--init-from";
  return {options.run.command_line("pretrain", {{weights_option, options.init_from.string()},
                                                {"--branch-from", options.branch_from.string()}}),
          weights_option, version};
}

PretrainingOptions objective_options(const TrainingConfig& config, const Stages& stages, const Course& course,
                                     const corpus::ShardCheck& shard_check) {
  return {.seed = static_cast<std::uint64_t>(config.train.seed),
          .recompute = config.train.recompute,
          .evaluation_batch_size = config.train.micro_batch_size,
          .max_evaluation_sequences = config.evaluate.max_sequences.value_or(0),
          .metric = config.evaluate.metric.value_or("loss"),
          .stages = stages,
          .course = &course,
          .shard_check = &shard_check};
}

model::Workload workload_of(const PretrainConfig& config, const model::Compute& compute) {
  const TrainConfig& train = config.training.train;
  return {.sequence_length = config.data.examples.max_sequence_length,
          .num_sequences = std::min(train.micro_batch_size, train.batch_size),
          .masked_fraction = config.data.examples.masking_rate.last(),
          .precision = compute.precision,
          .recompute = train.recompute};
}

/// Says how much of an epoch each of several corpora is.
void report_shares(const corpus::CorpusMix& corpora, const std::vector<corpus::EpochComponent>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto num_examples = static_cast<double>(parts[i].num_examples);
    log_info("corpus {}: {} of the examples, {} of an epoch; it has {}, and so is seen {:.2f} times an epoch ({})",
             corpora.components()[i].name, percent(corpora.components()[i].weight), grouped(parts[i].num_examples),
             grouped(parts[i].own_size), num_examples / static_cast<double>(parts[i].own_size),
             corpora.components()[i].corpus->folder().string());
  }
}

void report_arithmetic(const PretrainConfig& config, const model::Compute& compute, const corpus::CorpusMix& corpora,
                       const PretrainingObjective& objective, const Stages& stages, const parallel::Group& ranks) {
  const TrainConfig& train = config.training.train;
  const std::int64_t length = config.data.examples.max_sequence_length;
  const std::int64_t epoch_size = objective.epoch_size();
  const model::Workload workload = workload_of(config, compute);
  log_info("{}: {} documents and {} tokens to train on, {} documents held out; {} examples an epoch",
           corpora.is_single() ? "corpus" : counted(corpora.components().size(), "corpus", "corpora"),
           grouped(corpora.num_documents(corpus::Split::kTrain)), grouped(corpora.num_tokens(corpus::Split::kTrain)),
           grouped(corpora.num_documents(corpus::Split::kHeldOut)), grouped(epoch_size));
  report_shares(corpora, objective.epoch_parts());
  const std::int64_t share = (train.batch_size - 1) / ranks.size() + 1;
  log_info("step: {} sequences of at most {} tokens = at most {} tokens, {}in {} of {}", train.batch_size, length,
           grouped(train.batch_size * length),
           ranks.is_alone() ? "" : fmt::format("about {} of them on each of {} ranks, ", share, ranks.size()),
           counted((share - 1) / workload.num_sequences + 1, "micro-batch", "micro-batches"), workload.num_sequences);
  const auto num_sequences = stages.num_sequences();
  if (!num_sequences) {
    log_info("run: {}, as many steps as this computer makes in them", stages.length().stretch(stages.length().count));
  } else if (stages.has_one_length()) {
    log_info("run: {} steps = {:.2f} epochs of {:.1f} steps", train.steps,
             static_cast<double>(*num_sequences) / static_cast<double>(epoch_size),
             static_cast<double>(epoch_size) / static_cast<double>(train.batch_size));
  } else {
    log_info("run: {} steps, {} sequences", train.steps, grouped(*num_sequences));
  }
  log_info("model: {} parameters; about {} of memory, {:.2f} GFLOP a token",
           grouped(model::count_parameters(config.model).total()),
           format_bytes(static_cast<std::uint64_t>(model::estimate_training_memory(config.model, workload).total())),
           model::count_flops_per_token(config.model, workload).training(workload.recompute) / 1e9);
  if (const std::string table = describe(stages); !table.empty()) log_info("the run grows:\n{}", table);
}

/// Warns where one update takes the whole corpus and more, so that each sees every text.
void warn_of_small_corpus(const PretrainConfig& config, const corpus::CorpusMix& corpora) {
  const auto num_tokens = static_cast<std::int64_t>(corpora.num_tokens(corpus::Split::kTrain));
  const std::int64_t batch_tokens = config.training.train.batch_size * config.data.examples.max_sequence_length;
  if (num_tokens >= batch_tokens) return;
  log_warning(
      "the corpus has {} tokens to train on, fewer than a batch takes ({}): every update sees all of it, which is then "
      "learnt by heart; take more text, or lower train.batch_size",
      grouped(num_tokens), grouped(batch_tokens));
}

/// Logs what is about to happen: the resolved configuration, and what follows from it (parameters, tokens per step,
/// epochs, memory). Warns where the learning rate is far from what such a batch is usually trained with.
void report_start(const WrittenPretrainConfig& config, const model::Compute& compute, const corpus::CorpusMix& corpora,
                  const PretrainingObjective& objective, const Stages& stages, const parallel::Group& ranks) {
  log_start(config.to_yaml(/*with_origins=*/true), compute, ranks);
  report_arithmetic(config.values, compute, corpora, objective, stages, ranks);
  warn_of_small_corpus(config.values, corpora);
  const TrainingConfig& training = config.values.training;
  log_info("schedule: {}",
           optim::summarise({training.schedule, training.optimizer.learning_rate, stages.length(), stages.borders()}));
  if (const auto warning = optim::learning_rate_warning(training.optimizer, training.train.batch_size,
                                                        config.values.model.hidden_size)) {
    log_warning("{}", *warning);
  }
}

/// Pretrains as one of the ranks.
RunResult pretrain_among(parallel::Group& ranks, const PretrainOptions& options, const RunCommand& command,
                         WrittenPretrainConfig config) {
  TrainingConfig& training = config.values.training;
  const model::Compute compute = set_up_compute(training.train.compute, ranks);
  const corpus::CorpusMix corpora = config.values.data.open_corpora();
  const auto tokenizer = text::Tokenizer::open(corpora.tokenizer_folder());
  settle_vocabulary(config, corpora, *tokenizer);

  const Run run(resumed_after_restart(options.run, ranks), command, ranks.is_first());
  const auto albert = make_model(config.values, compute);
  // Each host may have a copy of its own, which its ranks check together.
  const corpus::ShardCheck shard_check(
      corpora.all(), {.index = static_cast<std::size_t>(ranks.launch().local_rank % ranks.launch().local_size),
                      .count = static_cast<std::size_t>(ranks.launch().local_size)});
  if (!options.branch_from.empty() && training.train.steps == 0) {
    throw UsageError(
        "train.{} does not say where a branch ends, whose steps are counted from its trunk's; give train.steps",
        training.train.follows_clock() ? "minutes" : "epochs");
  }
  training.settle_length([&](double epochs) {
    const auto source = corpora.examples(corpus::Split::kTrain, *tokenizer, config.values.data.examples, 0);
    const double examples = epochs * static_cast<double>(source->epoch(0)->size());
    return static_cast<std::int64_t>(std::ceil(examples / static_cast<double>(training.train.batch_size)));
  });
  const Stages stages(config.values);
  Course course(training.train.length());
  PretrainingObjective objective(albert, corpora, tokenizer, config.values.data.examples,
                                 objective_options(training, stages, course, shard_check));
  const auto take_first_weights = [&] {
    if (!options.init_from.empty()) take_weights(options.init_from, *tokenizer, *albert);
  };
  TrainingRun training_run(run, objective, ranks, training,
                           {.loader_threads = static_cast<std::size_t>(config.values.data.threads),
                            .version = command.version,
                            .run_yaml = config.to_yaml(),
                            .course = course,
                            .borders = stages.borders(),
                            .branch_from = options.branch_from,
                            .longest_sequence = longest_sequence_of(options.init_from)},
                           take_first_weights);
  report_start(config, compute, corpora, objective, stages, ranks);
  RunResult result = training_run.train();
  shard_check.require_sound();  // the last update was made meanwhile
  return result;
}

}  // namespace

void check_pretrain_config(const PretrainOptions& options) {
  read_config(options);
}

RunResult pretrain(const PretrainOptions& options, const std::string& version) {
  const RunCommand command = command_of(options, version);
  const StopNotice notice(command.remark_on_stop());
  const WrittenPretrainConfig config = read_config(options);
  return parallel::as_rank(group_options(config.values.training),
                           [&](parallel::Group& ranks) { return pretrain_among(ranks, options, command, config); });
}

}  // namespace albert::train
