#include "model/compute.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "model/rank_device.h"

namespace albert::model {
namespace {

TEST(ModelCompute, ANumberOfThreadsHasABound) {
  ComputeConfig config;
  config.device = c10::kCPU;
  config.threads = (std::int64_t{1} << 32) + 1;  // 1, if it were cut to 32 bits
  EXPECT_THROW(set_up_compute(config), UsageError);
}

TEST(ModelCompute, ARankTakesTheGpuOfItsNumberOrTheOnlyOne) {
  EXPECT_EQ(choose_gpu(0, 4), 0);
  EXPECT_EQ(choose_gpu(3, 4), 3);
  EXPECT_EQ(choose_gpu(3, 1), 0);  // srun --gpus-per-task=1
  EXPECT_THROW(choose_gpu(4, 4), UsageError);
}

}  // namespace
}  // namespace albert::model
