#pragma once

#include <cstddef>

namespace albert::ops {

/// Sets up how the whole process keeps memory. Call it before the first tensor of any size and the first matrix product.
///
/// Tensors come from a cache of blocks from then on, see MemoryUse. oneDNN and LibTorch's way to it (ideep) keep the last
/// 32 kinds of products each, instead of 1,024: nearly every packed batch has a number of tokens of its own, so that what
/// was kept for an earlier one is of no use, and takes half a megabyte each. ONEDNN_PRIMITIVE_CACHE_CAPACITY and
/// LRU_CACHE_CAPACITY still count where they are set.
void set_up_memory();

/// What the blocks of memory for tensors on the CPU take, in bytes.
///
/// A block that is freed is kept for the next request of its size class, or of one a little smaller, because
/// a training step allocates and frees hundreds of tensors, always much the same ones: from the kernel each would come as
/// fresh pages, which it fills with zeros one by one. There are eight classes for each doubling, so that a packed batch
/// of a few tokens more or less takes the same blocks again. (In the C library's heap such blocks of ever new sizes leave
/// gaps, and a training grows for thousands of updates.)
///
/// All that is held stays below 3/2 of the most that was in use at once; the block that was free for the longest goes
/// first. Safe to use from several threads.
struct MemoryUse {
  std::size_t in_use = 0;  ///< of tensors that live
  std::size_t peak = 0;    ///< the most that was in use at once
  std::size_t kept = 0;    ///< free, for the next request
};

MemoryUse memory_use();

/// Gives the kernel what is kept for the next tensors: where much was freed that nothing will take again.
void give_back_free_memory();

}  // namespace albert::ops
