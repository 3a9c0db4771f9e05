// An input is the index of weights in several files, the first of which is beside it.

#include <array>

#include "checkpoint/stored_weights.h"
#include "checkpoint/weight_names.h"
#include "fuzz.h"
#include "input_file.h"

namespace albert::fuzz {

void read(std::string_view input) {
  static std::array files = {InputFile("weights/model.safetensors.index.json"),
                             InputFile("weights/model-00001-of-00001.safetensors")};
  write_parts(files, parts_of(input));
  const checkpoint::StoredWeights stored(files[0].path().parent_path());
  for (const checkpoint::StoredTensor* tensor : stored.tensors()) {
    require(tensor->bytes.size() == tensor->size_bytes());
  }
  checkpoint::canonical_weights(stored.tensors());
}

}  // namespace albert::fuzz
