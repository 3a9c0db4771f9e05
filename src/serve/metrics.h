#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace albert::serve {

/// Counts and durations of a server, under the names that Text Embeddings Inference gives them, in the text format of
/// Prometheus (version 0.0.4). Safe to use from several threads.
class Metrics {
 public:
  /// \param method "single" or "batch"
  void count_request(std::string_view method);
  void count_success(std::string_view method);
  /// \param error "validation", "overloaded" ...: the type of the error in lower case
  void count_failure(std::string_view error);

  /// Of one request, in seconds.
  struct Durations {
    double total = 0;
    double tokenization = 0;
    double queue = 0;
    double inference = 0;
  };
  void add_durations(const Durations& durations);
  void add_inputs(std::int64_t num_inputs, std::int64_t num_tokens);
  void add_batch(std::size_t num_items, std::int64_t num_tokens);

  /// \param queue_size requests that wait, for te_queue_size
  /// \param num_active requests that were accepted, and are not answered
  std::string to_text(std::size_t queue_size, std::size_t num_active) const;

 private:
  struct Histogram {
    std::vector<double> bounds;              ///< upper bounds of the buckets, ascending
    std::vector<std::uint64_t> counts = {};  ///< [bounds] below each, above the one before
    std::uint64_t count = 0;
    double sum = 0;

    void add(double value);
  };
  using Counter = std::map<std::string, std::uint64_t, std::less<>>;  ///< by the value of its label

  static Histogram of_seconds();
  static Histogram of_sizes();
  static void write(std::string_view name, std::string_view help, const Histogram& histogram, std::string& out);
  static void write(std::string_view name, std::string_view help, std::string_view label, const Counter& counter,
                    std::string& out);

  mutable std::mutex mutex_;
  Counter requests_;
  Counter successes_;
  Counter failures_;
  std::uint64_t num_inputs_ = 0;
  std::uint64_t num_tokens_ = 0;
  Histogram total_ = of_seconds();
  Histogram tokenization_ = of_seconds();
  Histogram queue_ = of_seconds();
  Histogram inference_ = of_seconds();
  Histogram request_tokens_ = of_sizes();
  Histogram batch_items_ = of_sizes();
  Histogram batch_tokens_ = of_sizes();
};

}  // namespace albert::serve
