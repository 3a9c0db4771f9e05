#include "serve/service.h"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json.h"
#include "base/log_format.h"
#include "base/shown.h"
#include "base/utf8.h"
#include "serve/info.h"
#include "serve/route_table.h"

namespace albert::serve {

namespace {

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

/// The body of a request. Throws RequestError, 400.
nlohmann::json parse_body(const std::string& body) {
  if (const auto place = find_invalid_utf8(body)) {
    throw RequestError(400, ErrorType::kValidation, "the body is no UTF-8 at byte {}", *place);
  }
  try {
    return read_json(body);
  } catch (const nlohmann::json::exception& error) {
    throw RequestError(400, ErrorType::kValidation, "the body is no JSON: {}", json_problem(error));
  }
}

ErrorType type_of(HttpRefusal::Reason reason) {
  switch (reason) {
    case HttpRefusal::Reason::kNoRequest:
      return ErrorType::kValidation;
    case HttpRefusal::Reason::kTimeout:
      return ErrorType::kTimeout;
    case HttpRefusal::Reason::kStopping:
      return ErrorType::kUnhealthy;
  }
  return ErrorType::kValidation;
}

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

}  // namespace

/// A request on its way.
struct Service::Call {
  HttpRequest request;
  Reply reply;
  FoundRoute found;
  Plan plan = {};
  std::atomic<bool> is_counted = false;  ///< in num_active_
  std::int64_t num_tokens = 0;
  Metrics::Durations durations = {};

  std::string_view method() const { return plan.is_batch ? "batch" : "single"; }
};

Service::Service(ServiceOptions options, const ModelList& models, Metrics& metrics, WorkerPool& workers,
                 WorkerPool& long_workers)
    : options_(std::move(options)),
      models_(models),
      metrics_(metrics),
      workers_(workers),
      long_workers_(long_workers) {}

void Service::handle(HttpRequest request, Reply reply) {
  auto call = std::make_shared<Call>();
  call->request = std::move(request);
  call->reply = std::move(reply);
  guard(call, [&] { start(call); });
}

/// On the network's thread: what needs no model, and what is refused, is answered at once.
void Service::start(std::shared_ptr<Call> call) {
  const HttpRequest& request = call->request;
  if (request.method == "OPTIONS" && !options_.cors_origin.empty()) {
    return send(call, {.status = 204,
                       .content_type = "",
                       .headers = {{"Access-Control-Allow-Methods", "GET, POST"},
                                   {"Access-Control-Allow-Headers", "Authorization, Content-Type"},
                                   {"Access-Control-Max-Age", "86400"}}});
  }
  call->found = find_route(request.method, request.path);
  if (!call->found.route.is_open && !options_.keys.allow(request.authorization)) {
    throw RequestError(401, ErrorType::kUnauthorized, "expected the header Authorization: Bearer KEY with a known key");
  }
  if (!call->found.route.plan) return send(call, answer_at_once(call->found.path));
  if (num_active_.fetch_add(1) >= options_.max_concurrent_requests) {
    --num_active_;
    throw RequestError(429, ErrorType::kOverloaded, "Model is overloaded");
  }
  call->is_counted = true;
  // Those who left must not keep others out while their requests wait to be thrown away.
  if (const auto& asker = call->request.asker)
    asker->on_leave = [this, waiting = std::weak_ptr(call)] { forget(waiting.lock()); };
  workers_.post([this, call] { guard(call, [&] { ask_model(call); }); });
}

HttpResponse Service::answer_at_once(std::string_view path) const {
  if (path == "/info") {
    return {.body = info_json(models_, {.limits = options_.limits,
                                        .max_concurrent_requests = options_.max_concurrent_requests,
                                        .max_batch_tokens = options_.max_batch_tokens,
                                        .version = options_.version})};
  }
  if (path == "/metrics") return {.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = metrics_text()};
  if (path == "/openapi.json") return {.body = std::string(openapi_json())};
  if (path == "/v1/models") return {.body = openai_models_json(models_)};
  if (path == "/") return {.content_type = "text/html; charset=utf-8", .body = std::string(page_html())};
  return {.content_type = "text/plain", .body = ""};  // /health, /ping
}

void Service::ask_model(const std::shared_ptr<Call>& call) {
  if (drop_left(call)) return;
  const auto begin = Clock::now();
  const nlohmann::json body = parse_body(call->request.body);
  const Body members(body);
  call->plan = call->found.route.plan(
      {.models = models_, .limits = options_.limits, .model_name = call->found.model_name}, members);
  members.refuse_unread();
  call->durations.tokenization = seconds_since(begin);
  metrics_.count_request(call->method());
  if (!call->plan.batcher || call->plan.items->num_items() == 0) return respond(call);
  call->num_tokens = count_tokens(*call->plan.items);
  const auto& asker = call->request.asker;
  WorkerPool& responding = call->plan.is_long ? long_workers_ : workers_;
  call->plan.batcher->submit(
      {.items = call->plan.items,
       .deadline = call->request.deadline,
       .is_abandoned = asker ? std::shared_ptr<const std::atomic<bool>>(asker, &asker->has_left) : nullptr,
       .done = [this, call, &responding](BatchReport report) {
         responding.post([this, call, report = std::move(report)] { guard(call, [&] { take_report(call, report); }); });
       }});
}

bool Service::drop_left(const std::shared_ptr<Call>& call) {
  const auto& asker = call->request.asker;
  if (!asker || !asker->has_left) return false;
  send(call, {.status = 503});
  return true;
}

void Service::take_report(const std::shared_ptr<Call>& call, const BatchReport& report) {
  if (drop_left(call)) return;
  call->durations.queue = report.queued.count();
  call->durations.inference = report.computed.count();
  switch (report.outcome) {
    case Outcome::kScored:
      return respond(call);
    case Outcome::kAbandoned:
      return fail(call, 503, ErrorType::kUnhealthy, "the request was abandoned");
    case Outcome::kLate:
      return fail(call, 503, ErrorType::kTimeout, "the request was not answered in time");
    case Outcome::kFailed:
      break;
  }
  try {
    std::rethrow_exception(report.failure);
  } catch (const std::exception& error) {
    log_error("{}: {}", call->plan.model->facts.name, error.what());
    throw RequestError(424, ErrorType::kBackend, "the model failed: {}", error.what());
  }
}

void Service::respond(const std::shared_ptr<Call>& call) {
  HttpResponse response{.body = call->plan.respond()};
  Metrics::Durations& durations = call->durations;
  if (drop_left(call)) return;
  durations.total = seconds_since(call->request.received);
  metrics_.count_success(call->method());
  metrics_.add_durations(durations);
  if (call->num_tokens > 0) metrics_.add_inputs(static_cast<std::int64_t>(call->plan.num_inputs), call->num_tokens);
  const auto milliseconds = [](double seconds) { return fmt::format("{:.3f}", 1000 * seconds); };
  response.headers = {{"x-compute-tokens", std::to_string(call->num_tokens)},
                      {"x-total-time", milliseconds(durations.total)},
                      {"x-tokenization-time", milliseconds(durations.tokenization)},
                      {"x-queue-time", milliseconds(durations.queue)},
                      {"x-inference-time", milliseconds(durations.inference)}};
  send(call, std::move(response));
}

void Service::guard(const std::shared_ptr<Call>& call, const std::function<void()>& work) {
  try {
    work();
  } catch (const RequestError& error) {
    fail(call, error.status(), error.type(), error.what());
  } catch (const DataError& error) {
    fail(call, 422, ErrorType::kValidation, error.what());
  } catch (const std::exception& error) {
    log_error("{} {}: {}", call->request.method, call->request.path, error.what());
    fail(call, 424, ErrorType::kBackend, error.what());
  }
}

void Service::fail(const std::shared_ptr<Call>& call, int status, ErrorType type, std::string_view message) {
  if (drop_left(call)) return;
  metrics_.count_failure(lower_case(name_of(type)));
  HttpResponse response = error_response(status, type, message, call->request.path);
  if (status == 405) response.headers.emplace_back("Allow", allowed_methods(call->request.path));
  send(call, std::move(response));
}

void Service::log_request(const Call& call, int status) {
  const double whole_ms = 1000 * seconds_since(call.request.received), read_ms = 1000 * call.durations.tokenization,
               waited_ms = 1000 * call.durations.queue, computed_ms = 1000 * call.durations.inference;
  const std::array<LogField, 9> fields{{{"method", call.request.method},
                                        {"path", call.request.path},
                                        {"status", std::int64_t{status}},
                                        {"model", call.plan.model ? call.plan.model->facts.name : ""},
                                        {"tokens", call.num_tokens},
                                        {"total_ms", whole_ms},
                                        {"tokenization_ms", read_ms},
                                        {"queue_ms", waited_ms},
                                        {"inference_ms", computed_ms}}};
  log_with_fields(
      LogLevel::kDebug,
      fmt::format("{} {}: {}, {} tokens, {:.1f} ms ({:.1f} read, {:.1f} waited, {:.1f} computed)", call.request.method,
                  call.request.path, status, call.num_tokens, whole_ms, read_ms, waited_ms, computed_ms),
      fields);
}

void Service::send(const std::shared_ptr<Call>& call, HttpResponse response) {
  forget(call);
  allow_origin(call->request.origin, response);
  log_request(*call, response.status);
  call->reply(std::move(response));
  call->plan = {};  // the batcher may hold the call a moment longer
}

void Service::forget(const std::shared_ptr<Call>& call) {
  if (call && call->is_counted.exchange(false)) --num_active_;
}

HttpResponse Service::refuse(const HttpRefusal& refusal) const {
  const ErrorType type = type_of(refusal.reason);
  metrics_.count_failure(lower_case(name_of(type)));
  HttpResponse response = error_response(refusal.status, type, refusal.message, refusal.path);
  allow_origin(refusal.origin, response);
  return response;
}

HttpResponse Service::error_response(int status, ErrorType type, std::string_view message,
                                     std::string_view path) const {
  using nlohmann::ordered_json;
  const std::string text = without_middle(message, kMaxLineBytes);
  ordered_json body{{"error", text}, {"error_type", name_of(type)}};
  if (is_of_openai(path))
    body = {{"error", {{"message", text}, {"type", name_of(type)}, {"param", nullptr}, {"code", status}}}};
  HttpResponse response{.status = status, .body = dump_json(body)};
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (status == 429 || status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

void Service::allow_origin(const std::string& origin, HttpResponse& response) const {
  if (options_.cors_origin.empty() || origin.empty()) return;
  if (options_.cors_origin != "*" && options_.cors_origin != origin) return;
  response.headers.emplace_back("Access-Control-Allow-Origin", options_.cors_origin);
  response.headers.emplace_back("Vary", "Origin");
}

std::string Service::metrics_text() const {
  std::size_t queue_size = 0;
  for (const auto& model : models_.all()) queue_size += model->num_waiting();
  return metrics_.to_text(queue_size, num_active_.load());
}

}  // namespace albert::serve
