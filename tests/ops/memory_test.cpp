#include "ops/memory.h"

#include <cstdint>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace albert::ops {
namespace {

class Memory : public ::testing::Test {
 protected:
  Memory() {
    set_up_memory();
#if defined(__SANITIZE_ADDRESS__)
    GTEST_SKIP() << "the address sanitizer has the blocks";
#endif
  }

  static at::Tensor bytes(std::int64_t size) {
    return at::empty({size}, at::kByte);
  }
};

TEST_F(Memory, AFreedBlockIsTakenAgainForAlmostTheSameSize) {
  const at::Tensor other = bytes(1 << 24);  // so that there is room to keep one
  void* first = nullptr;
  {
    const at::Tensor tensor = bytes(1'000'000);
    first = tensor.data_ptr();
  }
  EXPECT_EQ(bytes(999'000).data_ptr(), first);
  EXPECT_EQ(bytes(1'010'000).data_ptr(), first);
  EXPECT_NE(bytes(1'300'000).data_ptr(), first);
}

TEST_F(Memory, BlocksAreAlignedApartAndWritable) {
  std::vector<at::Tensor> tensors;
  for (const std::int64_t size :
       {1, 63, 64, 65, 4096, 65'471, 65'472, 65'473, 1 << 20, (1 << 21) - 64, 1 << 21, 5'000'001})
    tensors.push_back(bytes(size).fill_(static_cast<std::int64_t>(tensors.size() + 1)));
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(tensors[i].data_ptr()) % 64, 0U) << i;
    EXPECT_TRUE(tensors[i].eq(static_cast<std::int64_t>(i + 1)).all().item<bool>()) << i;
  }
  EXPECT_EQ(bytes(0).numel(), 0);
  at::Tensor grown = bytes(100'000).fill_(7);
  grown.resize_({3'000'000});
  EXPECT_TRUE(grown.slice(0, 0, 100'000).eq(7).all().item<bool>());
}

TEST_F(Memory, WhatIsHeldDoesNotGrowWithTheNumberOfSizes) {
  { const at::Tensor largest = bytes(64 << 20); }
  for (std::int64_t i = 0; i < 3000; ++i) {
    const at::Tensor one = bytes((10 << 20) + i * 9'973), other = bytes((1 << 20) + i * 4'999);
    const MemoryUse use = memory_use();
    ASSERT_LE(use.in_use + use.kept, use.peak + use.peak / 2);
  }
  const MemoryUse use = memory_use();
  EXPECT_GE(use.peak, std::size_t{64} << 20);
  EXPECT_LT(use.peak, std::size_t{120} << 20);
}

TEST_F(Memory, ThreadsShareTheBlocks) {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t, &wrong] {
      for (std::int64_t i = 0; i < 300; ++i) {
        const at::Tensor tensor = bytes(70'000 + 10'007 * (i % 13)).fill_(t);
        std::this_thread::yield();
        if (!tensor.eq(t).all().item<bool>()) ++wrong[static_cast<std::size_t>(t)];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

TEST_F(Memory, TooMuchIsSaidAsLibTorchSaysIt) {
  try {
    bytes(std::int64_t{1} << 60);
    FAIL();
  } catch (const c10::Error& error) {
    EXPECT_NE(std::string(error.what()).find("can't allocate memory"), std::string::npos);
  }
  bytes(100'000).fill_(1);
}

}  // namespace
}  // namespace albert::ops
