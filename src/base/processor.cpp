#include "base/processor.h"

namespace albert {

bool multiplies_bfloat16_fast() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("amx-bf16")) return true;
  return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_is("amd");
#else
  return false;
#endif
}

}  // namespace albert
