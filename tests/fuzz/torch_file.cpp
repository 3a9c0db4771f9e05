#include "checkpoint/torch_file.h"

#include "fuzz.h"

void albert::fuzz::read(const std::filesystem::path& input) {
  touch(checkpoint::TorchFile(input));
}
