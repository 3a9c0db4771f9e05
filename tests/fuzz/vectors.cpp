// Vectors in NumPy's format, and behind kSeparator their texts and their origin.

#include <array>

#include "fuzz.h"
#include "inference/index_files.h"
#include "inference/npy.h"
#include "inference/vector_origin.h"
#include "input_file.h"

namespace albert::fuzz {

void read(std::string_view input) {
  constexpr std::int64_t kMostTexts = 100;
  const bool has_objects = take_choice(input, 2) == 1;
  static std::array with_lines = {InputFile("lines.npy"), InputFile("lines.npy.txt"),
                                  InputFile("lines.npy.model.json")};
  static std::array with_objects = {InputFile("objects.npy"), InputFile("objects.npy.jsonl"),
                                    InputFile("objects.npy.model.json")};
  auto& files = has_objects ? with_objects : with_lines;
  write_parts(files, parts_of(input));
  const std::filesystem::path index = files[0].path();
  const inference::NpyMatrix matrix(index);
  require(matrix.values().size() ==
          static_cast<std::size_t>(matrix.num_rows()) * static_cast<std::size_t>(matrix.num_columns()));
  float sum = 0;
  for (const float value : matrix.values()) sum += value;
  static volatile float sink = 0;
  sink = sum;
  if (const auto origin = inference::read_origin(index)) inference::check_origin(*origin, *origin, index);
  if (const auto texts = inference::KeptTexts::open(index, matrix.num_rows())) {
    for (std::int64_t row = 0; row < std::min(matrix.num_rows(), kMostTexts); ++row) texts->text(row);
  }
}

}  // namespace albert::fuzz
