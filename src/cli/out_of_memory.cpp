#include "cli/out_of_memory.h"

#include <algorithm>
#include <array>
#include <new>
#include <string_view>

namespace albert::cli {

bool is_out_of_memory(const std::exception& error) {
  constexpr std::array<std::string_view, 7> kWords = {
      "allocate memory",
      "not enough memory",  // c10/core/impl/alloc_cpu.cpp, on Linux and elsewhere
      "out of memory",      // c10/cuda/CUDACachingAllocator.cpp
      "_ALLOC_FAILED",      // cuBLAS and cuDNN
      // oneDNN, which had what it needs of everything else at the first step already
      "could not create a memory",
      "could not create a primitive",
      "could not execute a primitive",
  };
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return true;
  const std::string_view message = error.what();
  return std::ranges::any_of(kWords,
                             [&](std::string_view words) { return message.find(words) != std::string_view::npos; });
}

}  // namespace albert::cli
