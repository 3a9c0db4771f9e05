// Requests as the transport hands them on: an input is the method and the path, a line's end, and the body. The models that
// are served compute nothing: their scores are invented.

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include "answers.h"
#include "fuzz.h"
#include "inference/masked_window.h"
#include "inference/vector_index.h"
#include "serve/service.h"
#include "tasks/text/settings.h"
#include "tokenizers.h"

namespace albert::fuzz {

namespace {

using serve::Ability;

constexpr std::int64_t kVectorSize = 4;
constexpr std::int64_t kMaxLength = 64;

serve::Batcher::Score score_by(std::function<std::vector<float>(const model::Item& item)> scores_of) {
  return
      [scores_of = std::move(scores_of)](std::span<const model::Item* const> items, const serve::Batcher::Take& take) {
        for (std::size_t i = 0; i < items.size(); ++i) take(i, scores_of(*items[i]));
      };
}

serve::Batcher::Score score_by(const model::HeadConfig& head) {
  return score_by([head](const model::Item& item) { return invented_scores(head, item, kVectorSize); });
}

/// Scores for each of some pieces.
serve::Batcher::Score score_pieces(std::int64_t vocabulary_size, bool of_masks) {
  return score_by([=](const model::Item& item) {
    const std::size_t num_rows = of_masks ? item.positions.size() : 1;
    return std::vector(num_rows * static_cast<std::size_t>(vocabulary_size), 0.5F);
  });
}

class Models {
 public:
  std::shared_ptr<const serve::ServedModel> open(std::size_t number) {
    return number == 0 ? open_encoder() : open_task(kTasks.at(number - 1));
  }
  static std::size_t count() { return kTasks.size() + 1; }

 private:
  struct TaskModel {
    std::string_view recipe;
    Ability ability;
  };
  static constexpr std::array kTasks = {TaskModel{"classification", Ability::kPredict},
                                        TaskModel{"mnli", Ability::kPredict},
                                        TaskModel{"conll", Ability::kTags},
                                        TaskModel{"squad2", Ability::kAnswer},
                                        TaskModel{"race", Ability::kChoose},
                                        TaskModel{"semeval2010", Ability::kRelation}};

  std::shared_ptr<serve::ServedModel> make(std::string_view name) const {
    auto model = std::make_shared<serve::ServedModel>();
    model->facts = {.name = std::string(name),
                    .path = "model",
                    .precision = "float32",
                    .max_length = kMaxLength,
                    .num_positions = kMaxLength};
    model->tokenizer = tokenizer_;
    return model;
  }

  void add(serve::ServedModel& model, Ability ability, serve::Batcher::Score score) {
    model.facts.abilities.push_back(ability);
    model.batchers[ability] = std::make_unique<serve::Batcher>(pool_, serve::BatchOptions{}, std::move(score));
  }

  std::shared_ptr<const serve::ServedModel> open_encoder() {
    const auto model = make("encoder");
    model->facts.vector_size = kVectorSize;
    model->facts.prompts = {{"query", "query: "}};
    add(*model, Ability::kEmbed, score_by(model::HeadConfig{.kind = model::HeadKind::kEmbedding}));
    add(*model, Ability::kEmbedAll,
        score_by(model::HeadConfig{.kind = model::HeadKind::kEmbedding, .pooling = model::EmbeddingPooling::kNone}));
    add(*model, Ability::kEmbedSparse, score_pieces(tokenizer_->vocabulary_size(), /*of_masks=*/false));
    add(*model, Ability::kFillMask, score_pieces(tokenizer_->vocabulary_size(), /*of_masks=*/true));
    const inference::VectorOrigin origin{.model = "model", .weights = "w", .shape = "s", .tokenizer = "t"};
    inference::IndexWriter writer({.path = "index.npy", .overwrite = true}, inference::VectorFormat::kText,
                                  kVectorSize);
    writer.add(std::vector<float>(kVectorSize, 0.5F));
    writer.add_texts("a text\n");
    writer.commit(origin);
    model->indexes["novels"] = std::make_unique<const inference::TextIndex>("index.npy", origin, kVectorSize);
    return model;
  }

  std::shared_ptr<const serve::ServedModel> open_task(const TaskModel& kind) {
    const auto model = make(kind.recipe);
    const std::shared_ptr<const tasks::Task> task = make_task(kind.recipe, tokenizer_);
    add(*model, kind.ability, score_by(task->head()));
    model->facts.labels = task->definition().labels;
    if (kind.ability == Ability::kPredict) {
      const auto& settings = task->definition().config.as<tasks::TextSettings>();
      model->facts.has_pairs = settings.has_pairs();
      model->facts.output = settings.kind_of_output();
    }
    model->task = task;
    model->open_records = [task]() -> std::shared_ptr<tasks::RecordWindow> {
      std::string no_header;
      return task->open_window(tasks::RecordFormat::kAnswers, "", no_header);
    };
    return model;
  }

  serve::ComputePool pool_{{.num_threads = 1}};
  std::shared_ptr<const text::Tokenizer> tokenizer_ = letter_tokenizer();
};

/// The service logs as errors what is no fault of a request.
class NoErrors final : public spdlog::sinks::base_sink<std::mutex> {
  void sink_it_(const spdlog::details::log_msg& message) override { require(message.level < spdlog::level::err); }
  void flush_() override {}
};

/// A server without a network. It stays until the process ends.
struct Server {
  Server() { spdlog::set_default_logger(std::make_shared<spdlog::logger>("service", std::make_shared<NoErrors>())); }

  Models models = {};
  serve::ModelList list{Models::count(), [this](std::size_t number) { return models.open(number); }};
  serve::Metrics metrics = {};
  serve::WorkerPool workers{1}, long_workers{1};
  serve::Service service{{.limits = {.max_client_batch_size = 4}, .cors_origin = "*", .version = "1"},
                         list,
                         metrics,
                         workers,
                         long_workers};

  serve::HttpResponse ask(serve::HttpRequest request) {
    auto promise = std::make_shared<std::promise<serve::HttpResponse>>();
    request.received = serve::Clock::now();
    request.deadline = request.received + std::chrono::minutes(1);
    service.handle(std::move(request),
                   [promise](serve::HttpResponse response) { promise->set_value(std::move(response)); });
    return promise->get_future().get();
  }
};

void check(const serve::HttpResponse& response) {
  constexpr std::size_t kMaxErrorBytes = 4000;
  require(response.status >= 200 && response.status < 500);
  require(response.status < 400 || response.body.size() <= kMaxErrorBytes);
  if (response.content_type == "application/json") require(nlohmann::json::accept(response.body));
}

}  // namespace

void read(std::string_view input) {
  static Server& server = *new Server;
  const std::string_view line = input.substr(0, input.find('\n'));
  const std::size_t space = std::min(line.find(' '), line.size());
  input.remove_prefix(std::min(line.size() + 1, input.size()));
  check(server.ask({.method = std::string(line.substr(0, space)),
                    .path = std::string(line.substr(std::min(space + 1, line.size()))),
                    .body = std::string(input)}));
}

}  // namespace albert::fuzz
