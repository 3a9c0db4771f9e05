#include "serve/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace albert::serve {
namespace {

using ::testing::HasSubstr;

TEST(Metrics, AreWrittenAsPrometheusReadsThem) {
  Metrics metrics;
  metrics.count_request("single");
  metrics.count_request("single");
  metrics.count_success("batch");
  metrics.count_failure("validation");
  metrics.add_durations({.total = 0.003, .tokenization = 0.00005, .queue = 0, .inference = 1000});
  metrics.add_inputs(2, 9);
  metrics.add_batch(3, 100);
  const std::string text = metrics.to_text(4, 5);
  EXPECT_THAT(text, HasSubstr("# TYPE te_request_count counter\nte_request_count{method=\"single\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("te_request_success{method=\"batch\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("te_request_failure{err=\"validation\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("te_queue_size 4\n"));
  EXPECT_THAT(text, HasSubstr("te_active_requests 5\n"));
  EXPECT_THAT(text, HasSubstr("te_embed_count 2\n"));
  EXPECT_THAT(text, HasSubstr("te_request_duration_bucket{le=\"0.0016\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("te_request_duration_bucket{le=\"0.0032\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("te_request_duration_bucket{le=\"+Inf\"} 1\nte_request_duration_sum 0.003\n"));
  EXPECT_THAT(text, HasSubstr("te_request_inference_duration_bucket{le=\"52.4288\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("te_request_inference_duration_count 1\n"));
  EXPECT_THAT(text, HasSubstr("te_batch_next_size_bucket{le=\"2\"} 0\nte_batch_next_size_bucket{le=\"4\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("te_batch_next_tokens_sum 100\n"));
}

TEST(Metrics, OfNothingAreThere) {
  const std::string text = Metrics().to_text(0, 0);
  EXPECT_THAT(text, HasSubstr("te_request_duration_bucket{le=\"+Inf\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("te_queue_size 0\n"));
}

}  // namespace
}  // namespace albert::serve
