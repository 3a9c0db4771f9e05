#include "ops/memory.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <list>
#include <map>
#include <mutex>
#include <new>
#include <vector>

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <sys/mman.h>

namespace albert::ops {

namespace {

constexpr std::size_t kAlignment = 64;  // of a cache line, and of the widest vector
/// Smaller blocks are left to the C library, which keeps them well.
constexpr std::size_t kSmallest = std::size_t{64} << 10;
/// What the kernel maps at once where it can.
constexpr std::size_t kHugePage = std::size_t{2} << 20;

/// Lies before the bytes of a block.
struct alignas(kAlignment) Header {
  std::size_t size;  ///< of the whole block
  bool is_cached;    ///< it is of a class
};

/// The size of the class that a block is of: the next one of 8, 9 ... 15 times a power of two.
std::size_t class_size(std::size_t size) {
  const std::size_t step = std::bit_floor(size) / 8;
  return (size + step - 1) / step * step;
}

/// Memory of the kernel, on pages of 2 MB where a block is at least as large.
void* map(std::size_t size) {
  const std::size_t slack = size >= kHugePage ? kHugePage : 0;
  void* const raw = ::mmap(nullptr, size + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (raw == MAP_FAILED) return nullptr;
  if (slack == 0) return raw;
  auto* const begin = static_cast<std::byte*>(raw);
  const std::size_t before = (kHugePage - reinterpret_cast<std::uintptr_t>(raw) % kHugePage) % kHugePage;
  const std::size_t page = 4096;
  const std::size_t used = (before + size + page - 1) / page * page;
  if (before > 0) ::munmap(begin, before);
  if (used < size + slack) ::munmap(begin + used, size + slack - used);
  ::madvise(begin + before, size, MADV_HUGEPAGE);
  return begin + before;
}

/// See MemoryUse.
class BlockCache final : public c10::Allocator {
 public:
  static BlockCache& get() {
    static auto* const kCache = new BlockCache;  // outlives every tensor
    return *kCache;
  }

  c10::DataPtr allocate(std::size_t num_bytes) override {
    const c10::Device cpu(c10::kCPU);
    if (num_bytes == 0) return {nullptr, nullptr, &release, cpu};
    void* const data = take(num_bytes + sizeof(Header)) + 1;
    return {data, data, &release, cpu};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &release; }
  void copy_data(void* to, const void* from, std::size_t count) const override { default_copy_data(to, from, count); }

  MemoryUse use() {
    const std::scoped_lock lock(mutex_);
    return use_;
  }

  void give_back_all() {
    const std::scoped_lock lock(mutex_);
    while (!free_.empty()) give_back();
  }

 private:
  using Free = std::list<Header*>;

  static void release(void* data) {
    if (data == nullptr) return;
    Header* const block = static_cast<Header*>(data) - 1;
    if (block->is_cached) {
      get().keep(block);
    } else {
      std::free(block);  // NOLINT(cppcoreguidelines-no-malloc): of aligned_alloc()
    }
  }

  Header* take(std::size_t size) {
    if (size < kSmallest) return small_block(size);
    size = class_size(size);
    {
      const std::scoped_lock lock(mutex_);
      if (Header* const block = take_free(size)) return block;
      note_use(size);
      trim();
    }
    void* memory = map(size);
    if (memory == nullptr) {
      const std::scoped_lock lock(mutex_);
      while (!free_.empty()) give_back();
      memory = map(size);
      if (memory == nullptr) {
        use_.in_use -= size;
        throw_out_of_memory(size);
      }
    }
    return new (memory) Header{size, true};
  }

  /// A free block of the size or a little more, or null. A batch of a few tokens less than the one before then takes the
  /// same blocks again.
  Header* take_free(std::size_t size) {
    for (auto found = of_class_.lower_bound(size); found != of_class_.end() && found->first <= size + size / 4;
         ++found) {
      auto& blocks = found->second;
      if (blocks.empty()) continue;
      Header* const block = *blocks.back();
      free_.erase(blocks.back());
      blocks.pop_back();
      use_.kept -= block->size;
      note_use(block->size);
      return block;
    }
    return nullptr;
  }

  void note_use(std::size_t size) {
    use_.in_use += size;
    use_.peak = std::max(use_.peak, use_.in_use);
  }

  static Header* small_block(std::size_t size) {
    void* const memory = std::aligned_alloc(kAlignment, (size + kAlignment - 1) / kAlignment * kAlignment);
    if (memory == nullptr) throw_out_of_memory(size);
    return new (memory) Header{size, false};
  }

  /// As LibTorch's own allocator says it.
  [[noreturn]] static void throw_out_of_memory(std::size_t size) {
    C10_THROW_ERROR(OutOfMemoryError,
                    c10::str("DefaultCPUAllocator: can't allocate memory: you tried to allocate ", size, " bytes."));
  }

  void keep(Header* block) {
    const std::scoped_lock lock(mutex_);
    use_.in_use -= block->size;
    use_.kept += block->size;
    free_.push_back(block);
    of_class_[block->size].push_back(std::prev(free_.end()));
    trim();
  }

  void trim() {
    while (!free_.empty() && use_.in_use + use_.kept > use_.peak + use_.peak / 2) give_back();
  }

  /// Gives the block that was free for the longest back to the kernel.
  void give_back() {
    Header* const block = free_.front();
    auto& blocks = of_class_[block->size];
    blocks.erase(std::ranges::find(blocks, free_.begin()));
    free_.pop_front();
    use_.kept -= block->size;
    ::munmap(block, block->size);
  }

  std::mutex mutex_;
  MemoryUse use_;
  Free free_;                                                    ///< the one that was freed last at the end
  std::map<std::size_t, std::vector<Free::iterator>> of_class_;  ///< by size, likewise
};

}  // namespace

MemoryUse memory_use() {
  return BlockCache::get().use();
}

void give_back_free_memory() {
  BlockCache::get().give_back_all();
}

void set_up_memory() {
  for (const char* cache : {"ONEDNN_PRIMITIVE_CACHE_CAPACITY", "LRU_CACHE_CAPACITY"})
    ::setenv(cache, "32", /*replace=*/0);
#if !defined(__SANITIZE_ADDRESS__)  // which sees what happens to a block only if it is really freed
  c10::SetCPUAllocator(&BlockCache::get(), /*priority=*/1);
#endif
}

}  // namespace albert::ops
