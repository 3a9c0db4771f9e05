#include "checkpoint/safetensors.h"

#include <cstdlib>

#include "fuzz.h"

void albert::fuzz::read(const std::filesystem::path& input) {
  const checkpoint::SafetensorsFile file(input);
  unsigned char sum = 0;
  for (const checkpoint::StoredTensor& tensor : file.tensors()) {
    if (tensor.bytes.size() != tensor.size_bytes()) std::abort();
    for (const std::byte byte : tensor.bytes) sum += static_cast<unsigned char>(byte);
  }
  static volatile unsigned char sink = 0;
  sink = sum;
}
