#include "serve/serve.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <exception>
#include <thread>
#include <utility>

#include <spdlog/fmt/ranges.h>
#include <sys/resource.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "serve/metrics.h"
#include "serve/model_list.h"
#include "serve/serve_signals.h"
#include "serve/worker_pool.h"

namespace albert::serve {

namespace {

constexpr std::size_t kNumWorkers = 2;
constexpr std::size_t kNumLongWorkers = 1;  ///< a search has all cores by itself
constexpr auto kTick = std::chrono::milliseconds(200);

/// Each connection needs a descriptor: takes as many as the system gives.
/// \return how many connections there may be
std::size_t raise_descriptors(std::size_t wanted) {
  constexpr rlim_t kOthers = 256;  // files of models, and what LibTorch opens
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, std::max<rlim_t>(limit.rlim_cur, wanted + kOthers));
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t left = limit.rlim_cur > 2 * kOthers ? limit.rlim_cur - kOthers : limit.rlim_cur / 2;
  return std::min<std::size_t>(wanted, left);
}

/// Why a model does not search an index.
std::string why_refused(const ServedModel& model, const std::string& index) {
  const auto found = model.refused_indexes.find(index);
  if (found != model.refused_indexes.end()) return found->second;
  return fmt::format("the model '{}' makes no vectors of texts", model.facts.name);
}

/// Opens models, each with the indexes that it had before.
class ModelOpener {
 public:
  explicit ModelOpener(const ServeOptions& options) : options_(options), indexes_(options.models.size()) {}

  /// Throws DataError if a model that is opened anew did not make what it searched.
  std::shared_ptr<const ServedModel> open(std::size_t number) {
    auto model = open_served_model(options_.models[number], options_.open);
    for (const std::string& name : indexes_[number]) {
      if (!model->indexes.contains(name)) throw DataError("--index {}: {}", name, why_refused(*model, name));
    }
    indexes_[number].clear();
    for (const auto& [name, index] : model->indexes) indexes_[number].push_back(name);
    return model;
  }

 private:
  const ServeOptions& options_;
  std::vector<std::vector<std::string>> indexes_;  ///< [models] their names
};

/// Throws UsageError for an index that none of the models made.
void check_indexes(const ModelList& models, const std::vector<NamedPath>& indexes) {
  for (const auto& [name, path] : indexes) {
    if (models.first([&index = name](const ServedModel& model) { return model.indexes.contains(index); })) continue;
    std::vector<std::string> refusals;
    for (const auto& model : models.all()) refusals.push_back(why_refused(*model, name));
    throw UsageError("--index {}={}: {}", name, path.string(), fmt::join(refusals, "; "));
  }
}

/// Answers requests in a thread of its own, and tells the signals what to do.
class Running {
 public:
  Running(HttpServer& server, ModelList& models)
      : server_(server), models_(models), thread_([this] { run_server(); }) {}
  ~Running() {
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  /// Returns once the server has ended.
  int wait_for_signals() {
    bool is_draining = false;
    while (!has_ended_) {
      models_.release_replaced();
      const std::optional<int> signal = SignalQueue::next(kTick);
      if (!signal) continue;
      if (*signal == SIGHUP) {
        reload();
      } else if (is_draining) {
        log_warning("{} once more: ending at once", name_of_signal(*signal));
        return 128 + *signal;
      } else {
        log_info("{}: finishing what was accepted; once more ends at once", name_of_signal(*signal));
        is_draining = true;
        server_.drain();
      }
    }
    if (failure_) std::rethrow_exception(failure_);
    return 0;
  }

 private:
  void run_server() {
    try {
      server_.run();
    } catch (...) {
      failure_ = std::current_exception();
    }
    has_ended_ = true;
  }

  void reload() {
    const std::size_t count = models_.reload();
    log_info("SIGHUP: {} reloaded", counted(count, "model"));
  }

  HttpServer& server_;
  ModelList& models_;
  std::exception_ptr failure_;
  std::atomic<bool> has_ended_ = false;
  std::thread thread_;  ///< the last: it uses the others
};

}  // namespace

int serve(ServeOptions options) {
  std::optional<DelayedHangup> delayed(std::in_place);  // models take seconds to open, and may be replaced meanwhile
  Metrics metrics;
  options.open.on_batch = [&metrics](BatchSize size) { metrics.add_batch(size.num_items, size.num_tokens); };
  const std::unique_ptr<ComputePool> pool = make_compute_pool(options.open.compute);
  options.open.pool = pool.get();
  ModelOpener opener(options);
  ModelList models(options.models.size(), [&](std::size_t number) { return opener.open(number); });
  check_indexes(models, options.open.indexes);
  options.http.max_connections = raise_descriptors(options.http.max_connections);

  std::optional<WorkerPool> long_workers(kNumLongWorkers), workers(kNumWorkers);
  Service service(options.service, models, metrics, *workers, *long_workers);
  HttpServer server(
      options.http,
      [&](HttpRequest request, HttpServer::Reply reply) { service.handle(std::move(request), std::move(reply)); },
      [&](const HttpRefusal& refusal) { return service.refuse(refusal); });
  const SignalQueue signals;
  delayed.reset();
  int code = 0;
  {
    Running running(server, models);
    if (options.on_listening) options.on_listening(server.url());
    code = running.wait_for_signals();
  }
  // Whatever is still under way is not waited for: first the batchers stop, which hands their requests to the workers,
  // then these; the models, which both used, are the last.
  models.stop();
  workers.reset();
  long_workers.reset();
  return code;
}

}  // namespace albert::serve
