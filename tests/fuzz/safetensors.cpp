#include "checkpoint/safetensors.h"

#include "fuzz.h"
#include "input_file.h"

void albert::fuzz::read(std::string_view input) {
  static InputFile file("model.safetensors");
  file.write(input);
  touch(checkpoint::SafetensorsFile(file.path()).tensors());
}
