#include "fuzz.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <spdlog/spdlog.h>

#include "base/error.h"

// NOLINTBEGIN(readability-identifier-naming): libFuzzer's names

/// ALBERT_FUZZ_TELL=1 tells why an input is refused. What is logged is put together, and goes nowhere.
extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  spdlog::set_level(spdlog::level::off);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    albert::fuzz::read({reinterpret_cast<const char*>(data), size});
  } catch (const albert::Error& error) {
    static const bool tells = std::getenv("ALBERT_FUZZ_TELL") != nullptr;
    if (tells) std::fprintf(stderr, "refused: %s\n", error.what());
    albert::fuzz::require(error.code() != albert::ExitCode::kInternal);
    albert::fuzz::require_short(error.what());
  }
  return 0;
}

// NOLINTEND(readability-identifier-naming)
