#pragma once

#include <exception>

namespace albert::cli {

/// What to do where memory ran out.
inline constexpr const char* kOutOfMemory =
    "out of memory; in training lower train.micro_batch_size or the sequence length (max_sequence_length), or set "
    "train.recompute; elsewhere lower --batch-tokens; or use a smaller model or fewer threads";

/// Whether an error says that memory ran out: the standard library's own, or one of LibTorch and the libraries that it
/// calls, which has no class of its own on a processor and is known by its words.
bool is_out_of_memory(const std::exception& error);

}  // namespace albert::cli
