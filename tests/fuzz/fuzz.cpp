#include "fuzz.h"

#include <cstdint>

#include <spdlog/spdlog.h>

#include "base/error.h"

// NOLINTBEGIN(readability-identifier-naming): libFuzzer's names

/// What is logged is put together, and goes nowhere.
extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  spdlog::set_level(spdlog::level::off);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    albert::fuzz::read({reinterpret_cast<const char*>(data), size});
  } catch (const albert::Error& error) {
    albert::fuzz::require(error.code() != albert::ExitCode::kInternal);
    albert::fuzz::require_short(error.what());
  }
  return 0;
}

// NOLINTEND(readability-identifier-naming)
