#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "serve/api_keys.h"
#include "serve/http/message.h"
#include "serve/metrics.h"
#include "serve/model_list.h"
#include "serve/request_error.h"
#include "serve/routes/plan.h"
#include "serve/worker_pool.h"

namespace albert::serve {

struct ServiceOptions {
  Limits limits = {};
  std::size_t max_concurrent_requests = 512;  ///< others are refused at once
  std::size_t max_batch_tokens = 16384;       ///< for /info
  ApiKeys keys = {};
  std::string cors_origin = {};  ///< what pages of other sites may ask: their origin, or "*"; empty: none
  std::string version = {};
};

/// What the server answers: finds the route of a request, lets workers read it and a batcher compute it, and writes the
/// response. Nothing of it waits.
class Service {
 public:
  using Reply = std::function<void(HttpResponse response)>;

  /// All of them outlive the object, and it outlives their threads' work.
  /// \param long_workers make the responses that take long: see Plan::is_long
  Service(ServiceOptions options, const ModelList& models, Metrics& metrics, WorkerPool& workers,
          WorkerPool& long_workers);

  void handle(HttpRequest request, Reply reply);
  /// For HttpServer::Refuse.
  HttpResponse refuse(const HttpRefusal& refusal) const;

 private:
  struct Call;

  HttpResponse answer_at_once(std::string_view path) const;
  void start(std::shared_ptr<Call> call);
  void ask_model(const std::shared_ptr<Call>& call);
  /// Ends a call that nobody waits for. It is not counted: where time was up, the transport has refused it, and did.
  /// \return false if somebody does
  bool drop_left(const std::shared_ptr<Call>& call);
  void take_report(const std::shared_ptr<Call>& call, const BatchReport& report);
  void respond(const std::shared_ptr<Call>& call);
  void fail(const std::shared_ptr<Call>& call, int status, ErrorType type, std::string_view message);
  /// Turns whatever `work` throws into a response.
  void guard(const std::shared_ptr<Call>& call, const std::function<void()>& work);
  /// The call is not active any more.
  void forget(const std::shared_ptr<Call>& call);
  static void log_request(const Call& call, int status);
  void send(const std::shared_ptr<Call>& call, HttpResponse response);
  HttpResponse error_response(int status, ErrorType type, std::string_view message, std::string_view path) const;
  void allow_origin(const std::string& origin, HttpResponse& response) const;
  std::string metrics_text() const;

  ServiceOptions options_;
  const ModelList& models_;
  Metrics& metrics_;
  WorkerPool& workers_;
  WorkerPool& long_workers_;
  std::atomic<std::size_t> num_active_ = 0;
};

}  // namespace albert::serve
