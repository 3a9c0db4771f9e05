#include "train/pretrain.h"

#include <memory>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "model/initialize.h"
#include "model/pretraining.h"
#include "tasks/pretraining_task.h"
#include "text/tokenizer.h"
#include "train/compute.h"
#include "train/pretrain_config.h"
#include "train/pretrain_report.h"

namespace albert::train {

namespace {

/// A word as a POSIX shell takes it for itself.
std::string shell_quoted(const std::string& word) {
  const char* plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

WrittenConfig read_config(const PretrainOptions& options) {
  fs::path file = options.config;
  const fs::path of_run = options.run_dir / "run.yaml";
  if (file.empty() && options.resume && fs::exists(of_run)) file = of_run;
  if (file.empty()) throw UsageError("no configuration is given; name one with --config");
  WrittenConfig config = read_pretrain_config(file, options.assignments);
  if (config.values.data.corpus.empty()) {
    throw UsageError(
        "{}: data.corpus names no corpus; add --set data.corpus=DIR, a folder made by `albert corpus build`",
        config.document.locate("data.corpus"));
  }
  return config;
}

/// The vocabulary's size is that of the corpus's tokenizer.
void settle_vocabulary(WrittenConfig& config, const text::Tokenizer& tokenizer) {
  std::int64_t& size = config.values.model.vocab_size;
  if (size != 0 && size != tokenizer.vocabulary_size()) {
    throw UsageError(
        "{}: model.vocab_size is {}, but the tokenizer of the corpus {} has {} pieces; leave model.vocab_size out, and "
        "it is "
        "taken from there",
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

/// Takes over the weights of another model, and no more than these.
void start_from(const fs::path& folder, const text::Tokenizer& tokenizer, const model::AlbertForPretraining& albert) {
  if (fs::is_directory(folder) && fs::exists(folder / "spiece.model")) {
    const auto other = text::Tokenizer::open(folder);
    if (other->fingerprint() != tokenizer.fingerprint()) {
      throw UsageError(
          "{} was trained with another tokenizer ({} pieces) than the corpus was encoded with ({} pieces): its word "
          "embeddings would belong to other words; build the corpus with --tokenizer {}",
          folder.string(), other->vocabulary_size(), tokenizer.vocabulary_size(), folder.string());
    }
  }
  const auto report =
      checkpoint::load_parameters(folder, optim::named_tensors(albert.named_parameters()), checkpoint::Match::kEncoder);
  spdlog::warn("weights taken from another model; optimizer, schedule and data start anew\n{}", report.to_string());
}

tasks::PretrainingOptions task_options(const TrainingConfig& config, const Compute& compute) {
  return {.seed = static_cast<std::uint64_t>(config.train.seed),
          .device = compute.device,
          .precision = compute.precision,
          .recompute = config.train.recompute,
          .evaluation_batch_size = config.train.micro_batch_size,
          .max_evaluation_sequences = config.evaluate.max_sequences};
}

}  // namespace

std::string command_line(const PretrainOptions& options, bool resume) {
  std::string command = "albert pretrain";
  const auto add = [&](const char* option, const std::string& value) {
    command += fmt::format(" {} {}", option, shell_quoted(value));
  };
  if (!options.config.empty()) add("--config", options.config.string());
  for (const std::string& assignment : options.assignments) add("--set", assignment);
  add("--run-dir", options.run_dir.string());
  if (!options.init_from.empty()) add("--init-from", options.init_from.string());
  return resume ? command + " --resume" : command;
}

RunResult pretrain(const PretrainOptions& options, const std::string& version) {
  WrittenConfig config = read_config(options);
  TrainingConfig& training = config.values.training;
  const Compute compute = set_up_compute(training.train);
  const auto corpus = corpus::Corpus::open(config.values.data.corpus);
  const auto tokenizer = text::Tokenizer::open(corpus->tokenizer_folder());
  settle_vocabulary(config, *tokenizer);

  const RunFolder folder(options.run_dir, options.resume ? RunFolder::Start::kResume : RunFolder::Start::kNew);
  spdlog::info("albert {}: {}", version, command_line(options, options.resume));
  const auto albert = make_model(config.values, compute.device);
  tasks::PretrainingTask task(albert, corpus, tokenizer, config.values.data.examples, task_options(training, compute));
  TrainingRun run(task, training, folder,
                  {.loader_threads = static_cast<std::size_t>(config.values.data.threads),
                   .run_yaml = config.to_yaml(),
                   .resume_command = command_line(options, true)});
  const bool resumed = options.resume && run.resume();
  if (options.resume && !resumed) spdlog::warn("{} holds no checkpoint: starting from step 0", folder.path().string());
  if (!resumed && !options.init_from.empty()) start_from(options.init_from, *tokenizer, *albert);
  report_start(config, compute, *corpus, task);
  return run.train();
}

}  // namespace albert::train
