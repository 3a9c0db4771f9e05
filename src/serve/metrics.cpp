#include "serve/metrics.h"

#include <algorithm>

#include <spdlog/fmt/fmt.h>

namespace albert::serve {

namespace {

void write_head(std::string_view name, std::string_view help, std::string_view type, std::string& out) {
  out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

/// So many bounds, each twice the one before.
std::vector<double> doubling(double first, int count) {
  std::vector<double> bounds = {first};
  while (std::ssize(bounds) < count) bounds.push_back(2 * bounds.back());
  return bounds;
}

void write_number(std::string_view name, std::string_view help, std::string_view type, std::uint64_t value,
                  std::string& out) {
  write_head(name, help, type, out);
  out += fmt::format("{} {}\n", name, value);
}

}  // namespace

void Metrics::count_request(std::string_view method) {
  const std::scoped_lock lock(mutex_);
  ++requests_[std::string(method)];
}

void Metrics::count_success(std::string_view method) {
  const std::scoped_lock lock(mutex_);
  ++successes_[std::string(method)];
}

void Metrics::count_failure(std::string_view error) {
  const std::scoped_lock lock(mutex_);
  ++failures_[std::string(error)];
}

void Metrics::add_durations(const Durations& durations) {
  const std::scoped_lock lock(mutex_);
  total_.add(durations.total);
  tokenization_.add(durations.tokenization);
  queue_.add(durations.queue);
  inference_.add(durations.inference);
}

void Metrics::add_inputs(std::int64_t num_inputs, std::int64_t num_tokens) {
  const std::scoped_lock lock(mutex_);
  num_inputs_ += static_cast<std::uint64_t>(num_inputs);
  num_tokens_ += static_cast<std::uint64_t>(num_tokens);
  request_tokens_.add(static_cast<double>(num_tokens));
}

void Metrics::add_batch(std::size_t num_items, std::int64_t num_tokens) {
  const std::scoped_lock lock(mutex_);
  batch_items_.add(static_cast<double>(num_items));
  batch_tokens_.add(static_cast<double>(num_tokens));
}

std::string Metrics::to_text(std::size_t queue_size, std::size_t num_active) const {
  const std::scoped_lock lock(mutex_);
  std::string out;
  write("te_request_count", "Requests that a model is asked by", "method", requests_, out);
  write("te_request_success", "Requests that were answered", "method", successes_, out);
  write("te_request_failure", "Requests that were refused or failed", "err", failures_, out);
  write("te_request_duration", "Seconds from a request to its response", total_, out);
  write("te_request_tokenization_duration", "Seconds of reading and encoding a request", tokenization_, out);
  write("te_request_queue_duration", "Seconds that a request waits for the model", queue_, out);
  write("te_request_inference_duration", "Seconds that the model computes a request", inference_, out);
  write("te_request_input_length", "Tokens of a request", request_tokens_, out);
  write_number("te_embed_count", "Inputs that went through a model", "counter", num_inputs_, out);
  write_number("te_token_count", "Tokens that went through a model", "counter", num_tokens_, out);
  write_number("te_queue_size", "Requests that wait for a model", "gauge", queue_size, out);
  write_number("te_active_requests", "Requests that are not answered yet", "gauge", num_active, out);
  write("te_batch_next_size", "Items of a batch", batch_items_, out);
  write("te_batch_next_tokens", "Tokens of a batch", batch_tokens_, out);
  return out;
}

void Metrics::Histogram::add(double value) {
  counts.resize(bounds.size());
  const auto place = std::ranges::lower_bound(bounds, value);
  if (place != bounds.end()) ++counts[static_cast<std::size_t>(place - bounds.begin())];
  ++count;
  sum += value;
}

Metrics::Histogram Metrics::of_seconds() {
  constexpr double kLeast = 0.0001;
  return {.bounds = doubling(kLeast, 20)};  // to 52 seconds
}

Metrics::Histogram Metrics::of_sizes() {
  return {.bounds = doubling(1, 17)};  // to 65,536
}

void Metrics::write(std::string_view name, std::string_view help, const Histogram& histogram, std::string& out) {
  write_head(name, help, "histogram", out);
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < histogram.bounds.size(); ++i) {
    below += i < histogram.counts.size() ? histogram.counts[i] : 0;
    out += fmt::format("{}_bucket{{le=\"{:g}\"}} {}\n", name, histogram.bounds[i], below);
  }
  out +=
      fmt::format("{0}_bucket{{le=\"+Inf\"}} {1}\n{0}_sum {2}\n{0}_count {1}\n", name, histogram.count, histogram.sum);
}

void Metrics::write(std::string_view name, std::string_view help, std::string_view label, const Counter& counter,
                    std::string& out) {
  write_head(name, help, "counter", out);
  for (const auto& [value, count] : counter) out += fmt::format("{}{{{}=\"{}\"}} {}\n", name, label, value, count);
}

}  // namespace albert::serve
