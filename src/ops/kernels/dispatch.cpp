#include <atomic>

#include "base/error.h"
#include "ops/kernels/kernels.h"

namespace albert::ops::kernels {

#define ALBERT_DECLARE_KERNELS(isa)            \
  namespace isa {                              \
  const Kernels<float>& float_kernels();       \
  const Kernels<Bfloat16>& bfloat16_kernels(); \
  }

ALBERT_DECLARE_KERNELS(baseline)
#if defined(__x86_64__)
ALBERT_DECLARE_KERNELS(avx2)
ALBERT_DECLARE_KERNELS(avx512)
#endif

namespace {

std::atomic<InstructionSet>& current() {
  static std::atomic<InstructionSet> set = best_instruction_set();
  return set;
}

}  // namespace

InstructionSet best_instruction_set() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    return InstructionSet::kAvx512;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return InstructionSet::kAvx2;
#endif
  return InstructionSet::kBaseline;
}

InstructionSet instruction_set() {
  return current();
}

void use_instruction_set(InstructionSet set) {
  if (set > best_instruction_set())
    throw InternalError("this processor has not the instruction set {}", static_cast<int>(set));
  current() = set;
}

template <>
const Kernels<float>& kernels_of<float>() {
#if defined(__x86_64__)
  if (instruction_set() == InstructionSet::kAvx512) return avx512::float_kernels();
  if (instruction_set() == InstructionSet::kAvx2) return avx2::float_kernels();
#endif
  return baseline::float_kernels();
}

template <>
const Kernels<Bfloat16>& kernels_of<Bfloat16>() {
#if defined(__x86_64__)
  if (instruction_set() == InstructionSet::kAvx512) return avx512::bfloat16_kernels();
  if (instruction_set() == InstructionSet::kAvx2) return avx2::bfloat16_kernels();
#endif
  return baseline::bfloat16_kernels();
}

}  // namespace albert::ops::kernels
