#include <atomic>

#include "base/error.h"
#include "ops/kernels/kernels.h"

namespace albert::ops::kernels {

namespace {

std::atomic<InstructionSet>& current() {
  static std::atomic<InstructionSet> set = best_instruction_set();
  return set;
}

const KernelTable& table() {
#if defined(__x86_64__)
  if (instruction_set() == InstructionSet::kAvx512) return avx512::kTable;
  if (instruction_set() == InstructionSet::kAvx2) return avx2::kTable;
#endif
  return baseline::kTable;
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
  return table().of_float;
}

template <>
const Kernels<Bfloat16>& kernels_of<Bfloat16>() {
  return table().of_bfloat16;
}

}  // namespace albert::ops::kernels
