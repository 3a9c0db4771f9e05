#include "train/pretrain.h"

#include <cmath>
#include <memory>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "inference/model_path.h"
#include "model/compute.h"
#include "model/initialize.h"
#include "model/pretraining.h"
#include "text/tokenizer.h"
#include "text/tokenizer_files.h"
#include "train/pretrain_config.h"
#include "train/pretrain_report.h"
#include "train/pretraining_objective.h"

namespace albert::train {

namespace {

WrittenPretrainConfig read_config(const PretrainOptions& options) {
  WrittenPretrainConfig config = read_pretrain_config(options.run.configuration(), options.run.assignments);
  if (config.values.data.corpus.empty()) {
    throw UsageError(
        "{}: data.corpus names no corpus; add --set data.corpus=DIR, a folder made by `albert corpus build`",
        config.document.locate("data.corpus"));
  }
  return config;
}

/// The vocabulary's size is that of the corpus's tokenizer.
void settle_vocabulary(WrittenPretrainConfig& config, const text::Tokenizer& tokenizer) {
  std::int64_t& size = config.values.model.vocab_size;
  if (size != 0 && size != tokenizer.vocabulary_size()) {
    throw UsageError(
        "{}: model.vocab_size is {}, but the tokenizer of the corpus {} has {} pieces; leave model.vocab_size out, and "
        "it is taken from there",
        config.document.locate("model.vocab_size"), size, config.values.data.corpus.string(),
        tokenizer.vocabulary_size());
  }
  size = tokenizer.vocabulary_size();
}

std::shared_ptr<model::AlbertForPretraining> make_model(const PretrainConfig& config, c10::Device device) {
  auto albert = std::make_shared<model::AlbertForPretraining>(config.model);
  model::initialize(*albert, config.model, static_cast<std::uint64_t>(config.training.train.seed));
  albert->to(device);
  return albert;
}

bool has_vocabulary(const fs::path& folder) {
  return fs::exists(folder / text::kModelFile) || fs::exists(folder / text::kVocabularyFile) ||
         fs::exists(folder / text::kTokenizerFile);
}

/// Takes over the weights of another model, and no more than these.
void start_from(const fs::path& path, const text::Tokenizer& tokenizer, const model::AlbertForPretraining& albert) {
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

std::string command_line(const PretrainOptions& options, bool with_resume) {
  return options.run.command_line("pretrain", {{"--init-from", options.init_from.string()}}, with_resume);
}

PretrainingOptions task_options(const TrainingConfig& config, const model::Compute& compute) {
  return {.seed = static_cast<std::uint64_t>(config.train.seed),
          .device = compute.device,
          .precision = compute.precision,
          .recompute = config.train.recompute,
          .evaluation_batch_size = config.train.micro_batch_size,
          .max_evaluation_sequences = config.evaluate.max_sequences.value_or(0)};
}

}  // namespace

RunResult pretrain(const PretrainOptions& options, const std::string& version) {
  WrittenPretrainConfig config = read_config(options);
  TrainingConfig& training = config.values.training;
  const model::Compute compute = model::set_up_compute(training.train.compute);
  const auto corpus = corpus::Corpus::open(config.values.data.corpus);
  const auto tokenizer = text::Tokenizer::open(corpus->tokenizer_folder());
  settle_vocabulary(config, *tokenizer);

  const RunFolder folder(options.run.run_dir, options.run.resume ? RunFolder::Start::kResume : RunFolder::Start::kNew);
  log_info("albert {}: {}", version, command_line(options, options.run.resume));
  const auto albert = make_model(config.values, compute.device);
  PretrainingObjective objective(albert, corpus, tokenizer, config.values.data.examples,
                                 task_options(training, compute));
  training.settle_length([&](double epochs) {
    const double examples = epochs * static_cast<double>(objective.epoch(0)->size());
    return static_cast<std::int64_t>(std::ceil(examples / static_cast<double>(training.train.batch_size)));
  });
  TrainingRun run(objective, training, folder,
                  {.loader_threads = static_cast<std::size_t>(config.values.data.threads),
                   .run_yaml = config.to_yaml(),
                   .resume_command = command_line(options, true),
                   .weights_option = "--init-from"});
  const bool resumed = options.run.resume && run.resume();
  if (options.run.resume && !resumed)
    log_warning("{} holds no checkpoint: starting from step 0", folder.path().string());
  if (!resumed && !options.init_from.empty()) start_from(options.init_from, *tokenizer, *albert);
  report_start(config, compute, *corpus, objective);
  return run.train();
}

}  // namespace albert::train
