#pragma once

#include <cstdlib>
#include <filesystem>

#include "checkpoint/safetensors.h"

namespace albert::fuzz {

/// Reads a file as the program does. Every reader of files by others has a source here that defines it.
/// Throws an albert::Error for what is refused; anything else that it throws, or a crash, is a fault.
void read(const std::filesystem::path& input);

/// Reads every byte of the tensors of a file: each must be there, and as many as the shape says.
void touch(const auto& file) {
  static volatile unsigned char sink = 0;
  unsigned char sum = 0;
  for (const checkpoint::StoredTensor& tensor : file.tensors()) {
    if (tensor.bytes.size() != tensor.size_bytes()) std::abort();
    for (const std::byte byte : tensor.bytes) sum += static_cast<unsigned char>(byte);
  }
  sink = sum;
}

}  // namespace albert::fuzz
