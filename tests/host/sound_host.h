#pragma once

#include "host/facts.h"

namespace albert::host::testing {

/// A host of which nothing is worth changing.
inline Facts sound_host() {
  constexpr std::uint64_t kGigabyte = 1'000'000'000;
  Facts facts;
  facts.processor = {"A processor", {"avx2", "avx512f"}, "avx2"};
  facts.cores = {4, 4, {}};
  facts.memory = {16 * kGigabyte, 8 * kGigabyte, {}};
  facts.libtorch = {"2.11.0", "/lib/libtorch_cpu.so", "AVX512", 4, false, 0};
  facts.speed = {1e11, 1e11, 3e11};
  facts.fast_precisions = {"int8"};
  facts.device = "cpu";
  facts.locale = {"C.UTF-8", "UTF-8"};
  facts.open_files = {1024, 4096};
  facts.huge_pages = "madvise";
  facts.variables = {{"OMP_WAIT_POLICY", "passive"}};
  facts.folder = Folder{"run", "/data", "ext4", 100 * kGigabyte, "", Links::kSymbolic, true, 5};
  return facts;
}

}  // namespace albert::host::testing
