#include <atomic>

#if defined(__x86_64__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

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
  if (instruction_set() >= InstructionSet::kAvx512) return avx512::kTable;
  if (instruction_set() == InstructionSet::kAvx2) return avx2::kTable;
#endif
  return baseline::kTable;
}

#if defined(__x86_64__)
/// The kernel of the system saves the tiles of AMX only for processes that have asked.
bool may_use_tiles() {
  constexpr long kRequestPermission = 0x1023;  // ARCH_REQ_XCOMP_PERM
  constexpr long kTileData = 18;               // XFEATURE_XTILEDATA
  return ::syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}
#endif

}  // namespace

InstructionSet best_instruction_set() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  static const bool kHasTiles =
      __builtin_cpu_supports("amx-int8") && __builtin_cpu_supports("amx-bf16") && may_use_tiles();
  if (__builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512vnni") &&
      __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl")) {
    return kHasTiles ? InstructionSet::kAmx : InstructionSet::kAvx512;
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
