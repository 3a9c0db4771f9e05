#include "corpus/encoding/external_sort.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"
#include "support/temporary_folder.h"

namespace albert::corpus {
namespace {

std::vector<std::uint64_t> sorted(const std::vector<std::uint64_t>& numbers, const std::filesystem::path& scratch,
                                  std::size_t memory_bytes) {
  ExternalSort<std::uint64_t> sort(scratch, memory_bytes);
  for (const std::uint64_t number : numbers) sort.add(number);
  std::vector<std::uint64_t> result;
  sort.drain([&](std::uint64_t number) { result.push_back(number); });
  return result;
}

TEST(ExternalSort, SortsWhatFitsAndWhatDoesNot) {
  const testing::TemporaryFolder folder;
  const std::filesystem::path scratch = folder / "scratch";
  for (const std::size_t count : {0, 1, 2, 7, 1000, 20'001}) {
    Random random(5, count);
    std::vector<std::uint64_t> numbers(count);
    for (std::uint64_t& number : numbers) number = random.below(1000);
    std::vector<std::uint64_t> expected = numbers;
    std::ranges::sort(expected);
    for (const std::size_t memory_bytes : {1, 64, 8000, 1 << 20}) {
      EXPECT_EQ(sorted(numbers, scratch, memory_bytes), expected) << count << ' ' << memory_bytes;
      EXPECT_FALSE(std::filesystem::exists(scratch));
    }
  }
}

TEST(ExternalSort, HoldsNoMoreThanItsMemory) {
  constexpr std::size_t kMemoryBytes = 8000;
  const testing::TemporaryFolder folder;
  for (const std::size_t count : {500, 1000, 50'000}) {
    ExternalSort<std::uint64_t> sort(folder / "scratch", kMemoryBytes);
    Random random(7, count);
    for (std::size_t i = 0; i < count; ++i) sort.add(random.next());
    std::size_t most = 0;
    sort.drain([&](std::uint64_t) { most = std::max(most, sort.memory_bytes()); });
    EXPECT_LE(most, kMemoryBytes * 3 / 2) << count;  // a vector grows by more than it is asked for
    if (count <= 1000) {
      EXPECT_EQ(sort.memory_bytes(), 0u) << count;
    }
  }
}

}  // namespace
}  // namespace albert::corpus
