#include "host/advice.h"

#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/sound_host.h"

namespace albert::host {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::sound_host;

/// The only advice for a host that is sound but for one thing.
Advice advice_of(const std::function<void(Facts&)>& spoil) {
  Facts facts = sound_host();
  spoil(facts);
  const std::vector<Advice> advice = advice_for(facts);
  EXPECT_EQ(advice.size(), 1);
  return advice.empty() ? Advice{} : advice.front();
}

TEST(Advice, ASoundHostNeedsNone) {
  const std::vector<Advice> advice = advice_for(sound_host());
  EXPECT_THAT(advice, IsEmpty());
  EXPECT_FALSE(exit_code_of(advice));
}

TEST(Advice, WhatCostsSpeedIsNoFailure) {
  const std::vector<std::pair<std::function<void(Facts&)>, std::string>> cases{
      {[](Facts& f) { f.speed.bfloat16 = 2e11; },
       "products in bfloat16 are 2.0 times as fast; set train.precision=bfloat16"},
      {[](Facts& f) {
         f.speed.float32 = 3e11;
         f.auto_takes_bfloat16 = true;
       },
       "auto takes bfloat16 here, but products in float32 are 3.0 times as fast"},
      {[](Facts& f) { f.speed.int8 = 5e10; },
       "to predict: --precision auto takes int8 first here, but products in float32 are 2.0 times as fast"},
      {[](Facts& f) { f.fast_precisions.clear(); },
       "to predict: --precision auto takes float32 first here, but products in int8 are 3.0 times as fast; give "
       "--precision int8"},
      {[](Facts& f) { f.cores.quota = 1.5; },
       "4 threads would share 2 cores, as a control group grants 1.5 of 4; set train.threads=2"},
      {[](Facts& f) { f.cores.allowed = 1; }, "4 threads would share 1 core; set train.threads=1"},
      {[](Facts& f) {
         f.libtorch.num_threads = 1;
         f.variables = {{"OMP_NUM_THREADS", "1"}};
       },
       "OMP_NUM_THREADS=1 leaves 3 of 4 cores idle"},
      {[](Facts& f) {
         f.variables = {{"OMP_WAIT_POLICY", "active"}};
       },
       "OMP_WAIT_POLICY=active lets threads"},
      {[](Facts& f) {
         f.variables = {{"ATEN_CPU_CAPABILITY", "avx2"}};
       },
       "ATEN_CPU_CAPABILITY=avx2 keeps LibTorch from"},
      {[](Facts& f) { f.gpus.names = {"NVIDIA A10"}; }, "a GPU (NVIDIA A10), but the program was built without CUDA"},
      {[](Facts& f) { f.libtorch.has_cuda = true; }, "no GPU is visible to it"},
      {[](Facts& f) {
         f.libtorch.has_cuda = true;
         f.gpus.names = {"NVIDIA A10"};
         f.variables = {{"CUDA_VISIBLE_DEVICES", ""}};
       },
       "CUDA_VISIBLE_DEVICES='' hides the GPUs"},
      {[](Facts& f) { f.huge_pages = "never"; }, "echo madvise"},
      {[](Facts& f) { f.folder->sync_ms = 2500; }, "/data takes 2.5 s until 1 MB is on the disk"},
      {[](Facts& f) {
         f.processor = {"Old", {}, "baseline"};
       },
       "has no AVX2"},
  };
  for (const auto& [spoil, text] : cases) {
    const Advice advice = advice_of(spoil);
    EXPECT_THAT(advice.text, HasSubstr(text));
    EXPECT_EQ(advice.weight, Weight::kSlow) << text;
    EXPECT_FALSE(exit_code_of({advice}));
  }
}

TEST(Advice, ASmallDifferenceOfSpeedIsNone) {
  Facts facts = sound_host();
  facts.speed.bfloat16 = 1.1 * facts.speed.float32;
  EXPECT_THAT(advice_for(facts), IsEmpty());
}

TEST(Advice, WhatWouldFailDecidesTheCode) {
  const std::vector<std::pair<std::function<void(Facts&)>, std::string>> cases{
      {[](Facts& f) { f.memory.available = 100'000'000; }, "100.0 MB of memory are available"},
      {[](Facts& f) {
         f.open_files = {64, 64};
       },
       "let whoever administers"},
      {[](Facts& f) {
         f.open_files = {64, 4096};
       },
       "ulimit -n 1024"},
      {[](Facts& f) { f.folder->free_bytes = 5'000'000; }, "5.0 MB are free in /data"},
      {[](Facts& f) { f.folder->links = Links::kNone; }, "neither links nor files"},
      {[](Facts& f) { f.folder->failure = "cannot create x: Read-only file system"; },
       "no run can lie in run: cannot create x"},
  };
  for (const auto& [spoil, text] : cases) {
    const Advice advice = advice_of(spoil);
    EXPECT_THAT(advice.text, HasSubstr(text));
    EXPECT_EQ(exit_code_of({advice}), ExitCode::kIo) << text;
  }
}

TEST(Advice, WhatWouldFailComesFirst) {
  Facts facts = sound_host();
  facts.huge_pages = "never";
  facts.folder->has_locks = false;
  facts.memory.available = 0;
  const std::vector<Advice> advice = advice_for(facts);
  ASSERT_EQ(advice.size(), 3);
  EXPECT_EQ(advice[0].weight, Weight::kFails);
  EXPECT_EQ(advice[1].weight, Weight::kSlow);
  EXPECT_EQ(advice[2].weight, Weight::kNote);
}

}  // namespace
}  // namespace albert::host
