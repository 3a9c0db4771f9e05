#include "model/compute.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace albert::model {
namespace {

TEST(ModelCompute, ANumberOfThreadsHasABound) {
  ComputeConfig config;
  config.device = c10::kCPU;
  config.threads = (std::int64_t{1} << 32) + 1;  // 1, if it were cut to 32 bits
  EXPECT_THROW(set_up_compute(config), UsageError);
}

}  // namespace
}  // namespace albert::model
