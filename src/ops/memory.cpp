#include "ops/memory.h"

#if defined(__GLIBC__) || __has_include(<gnu/libc-version.h>)
#include <malloc.h>
#define ALBERT_HAS_MALLOPT 1
#endif

namespace albert::ops {

void keep_freed_memory() {
#if defined(ALBERT_HAS_MALLOPT)
  constexpr int kMegabyte = 1 << 20;
  mallopt(M_MMAP_THRESHOLD, 32 * kMegabyte);  // glibc refuses more
  mallopt(M_TRIM_THRESHOLD, 1024 * kMegabyte);
  mallopt(M_TOP_PAD, 64 * kMegabyte);
#endif
}

}  // namespace albert::ops
