#include "checkpoint/torch_file.h"

#include "fuzz.h"
#include "input_file.h"

void albert::fuzz::read(std::string_view input) {
  static InputFile file("pytorch_model.bin");
  file.write(input);
  touch(checkpoint::TorchFile(file.path()).tensors());
}
