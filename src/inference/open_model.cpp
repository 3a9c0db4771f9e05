#include "inference/open_model.h"

#include <algorithm>

#include <spdlog/fmt/ranges.h>

#include "base/checksum.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/link.h"
#include "base/log.h"
#include "base/shown.h"
#include "checkpoint/model_folder.h"
#include "checkpoint/store.h"
#include "checkpoint/tensorflow_checkpoint.h"
#include "inference/google_config.h"
#include "inference/sentence_settings.h"
#include "model/config_json.h"
#include "model/heads/embedding.h"
#include "tasks/definition_json.h"
#include "tasks/fitting.h"
#include "text/tokenizer_files.h"

namespace albert::inference {

namespace {

template <typename Model>
void load(const ModelFolder& folder, const Model& model, checkpoint::Match match) {
  const auto report =
      checkpoint::load_parameters(*folder.stored(), optim::named_tensors(model.named_parameters()), match);
  log_debug("{}", report.to_string());
}

/// The name of the first run that a folder holds; empty if it holds none.
std::string first_run_in(const fs::path& folder) {
  std::string first;
  std::error_code is_no_folder;
  for (const auto& entry : fs::directory_iterator(folder, is_no_folder)) {
    std::string name = entry.path().filename().string();
    if ((first.empty() || name < first) && checkpoint::find_checkpoint(entry.path())) first = std::move(name);
  }
  return first;
}

/// Whether a path names weights, and not the folder that holds them.
bool names_weights(const fs::path& path) {
  const bool is_weights = path.extension() == ".safetensors" || path.extension() == ".bin" ||
                          path.filename().string().ends_with(".index.json");
  return (is_weights && fs::is_regular_file(path)) || checkpoint::is_tensorflow_checkpoint(path);
}

bool has_config(const fs::path& folder) {
  const fs::path usual = folder / checkpoint::kConfigFile;
  return (is_there(usual) && fs::is_regular_file(usual)) || find_google_config(folder);
}

/// The model folder that a path lies in which names weights: of TF-Hub's modules, the one around `variables`.
fs::path folder_of_weights(const fs::path& path) {
  fs::path folder = fs::absolute(path).parent_path();
  if (folder.filename() == checkpoint::kHubFolder && !has_config(folder)) return folder.parent_path();
  return folder;
}

/// Says that the best checkpoint of a run is not the one that is opened, because it is not there.
void warn_of_lost_best(const fs::path& link, const fs::path& found) {
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(link, ignored))) return;
  if (fs::equivalent(follow_link(link), found, ignored)) return;
  log_warning("{} leads to no checkpoint that holds a model: {} is taken, which may be worse", link.string(),
              found.filename().string());
}

/// Whether a table of embeddings has as many rows as pieces, rounded up as training programs do for the hardware.
bool is_rounded_up(std::int64_t num_rows, std::int64_t num_pieces) {
  constexpr std::int64_t kLargestMultiple = 128;
  for (std::int64_t multiple = 1; multiple <= kLargestMultiple; multiple *= 2) {
    if (num_rows == (num_pieces + multiple - 1) / multiple * multiple) return true;
  }
  return false;
}

void check_vocabulary_size(const ModelFolder& folder) {
  const std::int64_t num_pieces = folder.tokenizer->vocabulary_size();
  const std::int64_t num_rows = folder.config.vocab_size;
  if (num_pieces > num_rows) {
    throw ModelError(
        "{}: expected a tokenizer of at most {} pieces (vocab_size), found one of {} in {}; put the tokenizer that the "
        "model was trained with into the folder",
        folder.config_file().string(), num_rows, num_pieces, folder.path.string());
  }
  if (is_rounded_up(num_rows, num_pieces)) return;
  log_warning(
      "{}: vocab_size is {}, but the tokenizer beside it has only {} pieces; if it is not the one that the model was "
      "trained with, every result is noise: put that one into the folder",
      folder.config_file().string(), num_rows, num_pieces);
}

/// Says what a folder that another program made is taken for.
void log_assumptions(const ModelFolder& folder, const tasks::StoredDefinition& stored) {
  if (stored.assumed.empty()) return;
  const tasks::TaskDefinition& task = stored.definition;
  log_info(
      "{}: taken for a model of {}, {}{}, texts of at most {} tokens, {}; assumed: {}; --set KEY=VALUE says "
      "otherwise",
      folder.config_file().string(), task.config.settings().transformers_head().architecture,
      counted(task.labels.size(), "label"), task.labels.empty() ? "" : fmt::format(" ({})", listed(task.labels)),
      task.config.max_sequence_length, folder.tokenizer->settings().do_lower_case ? "lower-cased" : "cased",
      fmt::join(stored.assumed, "; "));
}

/// Throws if the folder has a task's head in the place of the one for masked words.
void check_masked_word_head(const ModelFolder& folder) {
  if (checkpoint::has_part(*folder.stored(), "predictions")) return;
  const auto stored = folder.definition();
  throw ModelError(
      "{}: expected a model with a head for masked words (predictions.*), found {}; name a pretrained model, such as "
      "the one that this one was made from",
      folder.path.string(),
      stored ? fmt::format("{}, fine-tuned for a task, which `albert predict` and `albert evaluate` use",
                           stored->definition.config.settings().transformers_head().architecture)
             : "none");
}

/// What sentence-transformers does with the texts and vectors of a folder, and this program does not.
void check_text_settings(const SentenceSettings& settings, const ModelFolder& folder, bool makes_vectors) {
  if (settings.lower_cases && !folder.tokenizer->settings().do_lower_case) {
    throw ModelError(
        "{}: sentence_bert_config.json: do_lower_case: true over a tokenizer that keeps capitals is not computed; "
        "lower-case the texts, and set it to false",
        folder.path.string());
  }
  if (settings.vector_size.value_or(folder.config.hidden_size) != folder.config.hidden_size) {
    throw ModelError("{}: 1_Pooling: expected vectors of the model's {} numbers, found {}; is it of another model?",
                     folder.path.string(), folder.config.hidden_size, *settings.vector_size);
  }
  if (makes_vectors && !settings.normalizes) {
    log_warning(
        "{}: its vectors are of any length in sentence-transformers, as modules.json names no Normalize; here they "
        "have the length 1",
        folder.path.string());
  }
}

/// The layers of a choice as numbers from 0; of attention probabilities there are none but for layers.
std::vector<std::int64_t> numbered_layers(const VectorChoice& choice, std::int64_t num_layers) {
  std::vector<std::int64_t> layers;
  for (const std::int64_t given : choice.layers) {
    const std::int64_t layer = given < 0 ? num_layers + 1 + given : given;
    if (layer < 0 || layer > num_layers) {
      throw UsageError("--layer {}: expected 0 (the embeddings) to {}, or -1 (the last layer) to -{}", given,
                       num_layers, num_layers + 1);
    }
    if (layer == 0 && choice.with_attentions) {
      throw UsageError("--layer {}: the embeddings have no attention; --attention is of the layers from 1 on", given);
    }
    layers.push_back(layer);
  }
  if (layers.empty() && choice.with_attentions) layers.push_back(num_layers);
  return layers;
}

/// The task of a folder with the settings over it.
std::shared_ptr<const tasks::Task> open_task(const ModelFolder& folder, const std::vector<std::string>& settings) {
  auto stored = folder.definition();
  if (!stored) {
    throw ModelError(
        "{} tells of no task: expected a model made by `albert finetune` (albert_cpp.task), or by Transformers with "
        "one of its task classes (architectures); to make one of this model, run albert finetune --config "
        "RECIPE --model {} --data PATH --run-dir DIR; `albert config list` shows the recipes",
        folder.config_file().string(), shell_quoted(folder.path.string()));
  }
  const tasks::StoredDefinition changed = tasks::with_settings(*stored, settings);
  log_assumptions(folder, changed);
  if (changed.definition.config.needs_fitting()) {
    log_warning(
        "{}: the threshold or temperature was to be found on development data, but the model was stored without an "
        "evaluation on any: the threshold is 0.5, the temperature 1 where they are not numbers",
        folder.config_file().string());
  }
  if (const std::string decision = tasks::describe_decision(changed.definition.config); !decision.empty()) {
    log_info("{}: its answers are decided with {}", folder.path.string(), decision);
  }
  auto task = tasks::make_task(changed.definition, folder.tokenizer);
  if (settings.empty()) return task;
  if (changed.definition.config.max_sequence_length > folder.config.max_position_embeddings) {
    throw UsageError("--set task.max_sequence_length={}: {} reads at most {} tokens (max_position_embeddings)",
                     changed.definition.config.max_sequence_length, folder.path.string(),
                     folder.config.max_position_embeddings);
  }
  const model::HeadConfig has = tasks::make_task(stored->definition, folder.tokenizer)->head();
  const model::HeadConfig needs = task->head();
  if (has.kind != needs.kind || has.num_labels != needs.num_labels) {
    throw UsageError("--set {}: asks for another head than that of {}, which is one of {} with {} labels",
                     fmt::join(settings, " --set "), folder.path.string(),
                     stored->definition.config.settings().transformers_head().architecture, has.num_labels);
  }
  return task;
}

std::shared_ptr<model::TaskModel> make_embedding_model(const ModelFolder& folder, const model::HeadConfig& head,
                                                       const model::Compute& compute,
                                                       const std::shared_ptr<model::AlbertModel>& encoder) {
  if (encoder) return std::make_shared<model::AlbertForEmbedding>(folder.config, head, compute, encoder);
  auto model = model::make_task_model(folder.config, head, compute);
  load(folder, *model, checkpoint::Match::kEncoder);
  return model;
}

}  // namespace

fs::path find_model_folder(const fs::path& path) {
  fs::path folder = names_weights(path) ? folder_of_weights(path) : follow_link(path);
  if (has_config(folder)) return folder;
  if (auto found = checkpoint::find_checkpoint(path)) {
    warn_of_lost_best(path / "checkpoints" / "best", *found);
    log_info("of the run {}: checkpoints/{} ({})", path.string(), found->filename().string(),
             fs::canonical(*found).filename().string());
    return *found;
  }
  if (!fs::exists(path)) {
    throw ModelError("there is no '{}'; name the folder of a model or of a run", path.string());
  }
  const std::string run = first_run_in(path);
  throw ModelError(
      "{} is not a model folder: there is no {} in it, nor Google's albert_config.json or bert_config.json{}",
      path.string(), checkpoint::kConfigFile,
      run.empty() ? "" : fmt::format("; it holds several runs: name one of them, as {}", run));
}

fs::path ModelFolder::config_file() const {
  const fs::path usual = path / checkpoint::kConfigFile;
  return is_there(usual) ? usual : find_google_config(path).value_or(usual);
}

std::optional<tasks::StoredDefinition> ModelFolder::definition() const {
  return tasks::definition_from_json(config_json, config_file().string(), max_length);
}

std::shared_ptr<const checkpoint::StoredWeights> ModelFolder::stored() const {
  auto held = opened_.lock();
  if (!held) {
    held = std::make_shared<const checkpoint::StoredWeights>(weights);
    opened_ = held;
  }
  return held;
}

ModelFolder open_model_folder(const fs::path& path) {
  ModelFolder folder;
  folder.path = find_model_folder(path);
  folder.weights = names_weights(path) ? path : folder.path;
  folder.config_json = read_file(folder.config_file(), kMaxConfigBytes);
  if (folder.config_file().filename() != checkpoint::kConfigFile) {
    folder.config_json = from_google_config(folder.config_json, folder.config_file(), [&] { return folder.stored(); });
  }
  folder.config = model::parse_config_json(folder.config_json, folder.config_file().string());
  folder.tokenizer = checkpoint::open_tokenizer(folder.path);
  check_vocabulary_size(folder);
  folder.max_length = std::min(folder.config.max_position_embeddings,
                               text::read_max_length(folder.path).value_or(folder.config.max_position_embeddings));
  return folder;
}

PretrainingModel open_pretraining_model(const fs::path& path, const model::Compute& compute) {
  return open_pretraining_model(open_model_folder(path), compute);
}

PretrainingModel open_pretraining_model(const ModelFolder& folder, const model::Compute& compute) {
  const auto stored = folder.stored();  // held, as they are read twice
  check_masked_word_head(folder);
  PretrainingModel opened{std::make_shared<model::AlbertForPretraining>(folder.config, compute), folder.tokenizer};
  load(folder, *opened.model, checkpoint::Match::kComplete);
  return opened;
}

TaskModelFolder open_task_model(const fs::path& path, const model::Compute& compute,
                                const std::vector<std::string>& settings) {
  return open_task_model(open_model_folder(path), compute, settings);
}

TaskModelFolder open_task_model(const ModelFolder& folder, const model::Compute& compute,
                                const std::vector<std::string>& settings) {
  TaskModelFolder opened;
  opened.path = folder.path;
  opened.tokenizer = folder.tokenizer;
  opened.task = open_task(folder, settings);
  opened.model = model::make_task_model(folder.config, opened.task->head(), compute);
  load(folder, *opened.model, checkpoint::Match::kTask);
  return opened;
}

EmbeddingModel open_embedding_model(const fs::path& path, const model::Compute& compute, const VectorChoice& choice) {
  return open_embedding_model(open_model_folder(path), compute, choice);
}

EmbeddingModel open_embedding_model(const ModelFolder& folder, const model::Compute& compute,
                                    const VectorChoice& choice, const std::shared_ptr<model::AlbertModel>& encoder) {
  const auto stored = folder.definition();
  model::HeadConfig head{.kind = model::HeadKind::kEmbedding};
  std::int64_t max_length = folder.max_length;
  if (stored) {
    const auto task = tasks::make_task(stored->definition, folder.tokenizer);
    if (task->head().kind == model::HeadKind::kEmbedding) {
      head.pooling = task->head().pooling;
      max_length = stored->definition.config.max_sequence_length;
    }
  }
  if (!stored) {
    if (const auto settings = read_sentence_settings(folder.path, choice.pooling)) {
      check_text_settings(*settings, folder, choice.pooling != model::EmbeddingPooling::kNone);
      head.pooling = settings->pooling;
      max_length = std::min(max_length, settings->max_length.value_or(max_length));
    }
  }
  head.pooling = choice.pooling.value_or(head.pooling);
  head.layers = numbered_layers(choice, folder.config.num_layer_applications());
  head.with_attentions = choice.with_attentions;
  EmbeddingModel opened{make_embedding_model(folder, head, compute, encoder), folder.tokenizer, {}};
  const auto weights = folder.stored();
  opened.origin = {.model = folder.path.string(),
                   .weights = weights->checksum(),
                   .shape = checksum_of(model::to_config_json(folder.config)),
                   .tokenizer = folder.tokenizer->fingerprint(),
                   .pooling = head.pooling,
                   .layers = fmt::format("{}", fmt::join(head.layers, ",")),
                   .normalized = head.pooling != model::EmbeddingPooling::kNone,
                   .max_length = max_length};
  return opened;
}

}  // namespace albert::inference
