// An input is the index of weights in several files, the first of which is beside it.

#include "base/file.h"
#include "checkpoint/stored_weights.h"
#include "fuzz.h"
#include "parts.h"

namespace albert::fuzz {

void read(const std::filesystem::path& input) {
  const std::vector<std::string> parts = parts_of(read_file(input));
  const Folder folder(input.string() + ".folder");
  folder.write(checkpoint::kModelIndexFile, parts.front());
  if (parts.size() > 1) folder.write("model-00001-of-00001.safetensors", parts[1]);
  const checkpoint::StoredWeights stored(folder.path());
  for (const checkpoint::StoredTensor* tensor : stored.tensors()) {
    if (tensor->bytes.size() != tensor->size_bytes()) std::abort();
  }
}

}  // namespace albert::fuzz
