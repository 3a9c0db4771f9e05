#include "fuzz.h"

void albert::fuzz::read(const std::filesystem::path& input) {
  touch(checkpoint::SafetensorsFile(input));
}
