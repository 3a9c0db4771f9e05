#include "serve/open_served_model.h"

#include <map>
#include <string_view>
#include <utility>

#include <ATen/Parallel.h>
#include <omp.h>

#include "base/error.h"
#include "base/log.h"
#include "base/threads.h"
#include "checkpoint/model_folder.h"
#include "checkpoint/stored_weights.h"
#include "inference/fill_mask.h"
#include "inference/open_model.h"
#include "inference/precision_choice.h"
#include "inference/scoring.h"
#include "inference/sentence_settings.h"
#include "inference/word_weights.h"
#include "model/modules.h"
#include "serve/shared_encoders.h"
#include "tasks/text/settings.h"

namespace albert::serve {

namespace {

/// With so many tokens a processor computes each as fast as with more: measured with a model of 384 numbers on a Zen 4,
/// 5.0 ms a text of 22 tokens in float32 from 8 texts on, 2.7 ms in bfloat16 from 16 on.
constexpr std::int64_t kPieceTokens = 512;

/// Of the calling thread, in products that LibTorch divides.
void use_threads(int count) {
  at::get_num_threads();  // the first call in a thread sets it up, which would undo what follows
  omp_set_num_threads(count);
}

Batcher::Score score_by(std::shared_ptr<model::TaskModel> model) {
  return [model = std::move(model)](std::span<const model::Item* const> items, const Batcher::Take& take) {
    inference::score_together(*model, items, take);
  };
}

Batcher::Score masks_by(inference::PretrainingModel opened) {
  return [opened = std::move(opened)](std::span<const model::Item* const> items, const Batcher::Take& take) {
    const at::Tensor logits = inference::masked_logits(*opened.model, *opened.tokenizer, items);  // [sum of P, V]
    const auto* next = logits.const_data_ptr<float>();
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::size_t size = items[i]->positions.size() * static_cast<std::size_t>(logits.size(1));
      take(i, {next, size});
      next += size;
    }
  };
}

Batcher::Score word_weights_by(inference::PretrainingModel opened) {
  return [opened = std::move(opened)](std::span<const model::Item* const> items, const Batcher::Take& take) {
    inference::word_weights(*opened.model, *opened.tokenizer, items, take);
  };
}

/// Throws InternalError for a kind of task that no route asks for.
Ability ability_of(const tasks::TaskType& type) {
  static const std::map<std::string_view, Ability> kAbilities = {{"text", Ability::kPredict},
                                                                 {"tokens", Ability::kTags},
                                                                 {"question", Ability::kAnswer},
                                                                 {"multiple_choice", Ability::kChoose},
                                                                 {"relation", Ability::kRelation}};
  const auto found = kAbilities.find(type.name);
  if (found == kAbilities.end()) throw InternalError("there is no route for tasks of the kind {}", type.name);
  return found->second;
}

/// What makes a model answer all that a request may ask of it.
std::vector<std::string> settings_for_requests(const tasks::StoredDefinition& stored) {
  if (stored.definition.config.type().name == "question") return {"task.question.show_n_best=true"};
  return {};
}

void describe_texts(const tasks::TaskConfig& config, ModelFacts& facts) {
  const auto& settings = config.as<tasks::TextSettings>();
  facts.has_pairs = settings.has_pairs();
  facts.output = settings.kind_of_output();
}

class Opener {
 public:
  Opener(const NamedPath& source, const OpenOptions& options)
      : options_(options),
        folder_(inference::open_model_folder(source.path)),
        stored_(folder_.stored()),
        compute_config_(options.compute),
        compute_(inference::set_up_prediction(compute_config_, folder_.path)),
        served_(std::make_shared<ServedModel>()) {
    folder_.tokenizer = with_shared_encoders(folder_.tokenizer);
    ModelFacts& facts = served_->facts;
    facts.name = source.name;
    facts.path = folder_.path;
    facts.precision = name_of(compute_.precision);
    facts.max_length = folder_.max_length;
    facts.num_positions = folder_.config.max_position_embeddings;
    served_->tokenizer = folder_.tokenizer;
  }

  std::shared_ptr<const ServedModel> open() {
    const auto stored = folder_.definition();
    if (stored && stored->definition.config.type().name != "embedding") {
      open_task(*stored);
    } else {
      open_pretrained(!stored && checkpoint::has_part(*stored_, "predictions"));
    }
    log_info("{}: {}, {}", served_->facts.name, served_->facts.path.string(), compute_.to_string());
    return served_;
  }

 private:
  void add(Ability ability, Batcher::Score score) {
    served_->facts.abilities.push_back(ability);
    served_->batchers[ability] =
        std::make_unique<Batcher>(*options_.pool, options_.batches, std::move(score), options_.on_batch);
  }

  void open_task(const tasks::StoredDefinition& stored) {
    auto opened = inference::open_task_model(folder_, compute_, settings_for_requests(stored));
    ModelFacts& facts = served_->facts;
    const tasks::TaskDefinition& definition = opened.task->definition();
    model::lay_out(*opened.model);
    add(ability_of(definition.config.type()), score_by(opened.model));
    facts.labels = definition.labels;
    facts.max_length = definition.config.max_sequence_length;
    if (facts.can(Ability::kPredict)) describe_texts(definition.config, facts);
    served_->task = opened.task;
    served_->open_records = [task = opened.task]() -> std::shared_ptr<tasks::RecordWindow> {
      std::string no_header;
      return task->open_window(tasks::RecordFormat::kAnswers, "", no_header);
    };
  }

  /// All that is said of words and texts comes from one encoder.
  void open_pretrained(bool has_words) {
    served_->facts.vector_size = folder_.config.hidden_size;
    served_->facts.prompts = inference::read_sentence_prompts(folder_.path);
    inference::PretrainingModel words;
    std::shared_ptr<model::AlbertModel> encoder;
    if (has_words) {
      words = inference::open_pretraining_model(folder_, compute_);
      encoder = words.model->encoder();
      model::lay_out(*words.model);
      add(Ability::kFillMask, masks_by(words));
    }
    if (has_words && inference::is_sparse_encoder(folder_.path)) {
      open_hidden_states(encoder);
    } else {
      open_hidden_states(open_vectors(encoder));
    }
    if (has_words) add(Ability::kEmbedSparse, word_weights_by(words));
  }

  /// \param encoder of a model that is open already, or null
  /// \return the encoder
  std::shared_ptr<model::AlbertModel> open_vectors(const std::shared_ptr<model::AlbertModel>& encoder) {
    auto opened = inference::open_embedding_model(folder_, compute_, {}, encoder);
    model::lay_out(*opened.model);
    served_->facts.pools_first_token = opened.origin.pooling == model::EmbeddingPooling::kFirstToken;
    add(Ability::kEmbed, score_by(opened.model));
    for (const auto& [name, path] : options_.indexes) open_index(name, path, opened.origin);
    return opened.model->encoder();
  }

  void open_hidden_states(const std::shared_ptr<model::AlbertModel>& encoder) {
    const inference::VectorChoice every_token{.pooling = model::EmbeddingPooling::kNone};
    const auto opened = inference::open_embedding_model(folder_, compute_, every_token, encoder);
    served_->facts.max_length = opened.origin.max_length;
    add(Ability::kEmbedAll, score_by(opened.model));
  }

  void open_index(const std::string& name, const std::filesystem::path& path, const inference::VectorOrigin& origin) {
    try {
      served_->indexes[name] = std::make_unique<const inference::TextIndex>(path, origin, served_->facts.vector_size);
    } catch (const DataError& error) {
      served_->indexes.erase(name);
      log_debug("{}: not searched by {}: {}", name, served_->facts.name, error.what());
      served_->refused_indexes[name] = error.what();
    }
  }

  const OpenOptions& options_;
  inference::ModelFolder folder_;
  std::shared_ptr<const checkpoint::StoredWeights> stored_;  ///< held, as they are read several times
  model::ComputeConfig compute_config_;
  model::Compute compute_;
  std::shared_ptr<ServedModel> served_;
};

}  // namespace

std::unique_ptr<ComputePool> make_compute_pool(const model::ComputeConfig& compute) {
  if (model::computes_on_gpu(compute)) return std::make_unique<ComputePool>(PoolOptions{});
  const int num_threads = compute.threads > 0 ? static_cast<int>(compute.threads) : at::get_num_threads();
  require_threads(ComputePool::count_with_helpers(num_threads));
  return std::make_unique<ComputePool>(PoolOptions{.num_threads = num_threads, .piece_tokens = kPieceTokens},
                                       use_threads);
}

std::shared_ptr<const ServedModel> open_served_model(const NamedPath& source, const OpenOptions& options) {
  return Opener(source, options).open();
}

}  // namespace albert::serve
