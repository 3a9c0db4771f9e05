// An input is the files of a folder of sentence-transformers that are JSON, with kSeparator between them (make_seeds.py).

#include "inference/sentence_settings.h"

#include <array>

#include "fuzz.h"
#include "input_file.h"

namespace albert::fuzz {

void read(std::string_view input) {
  static std::array files = {InputFile("model/modules.json"), InputFile("model/1_Pooling/config.json"),
                             InputFile("model/sentence_bert_config.json"),
                             InputFile("model/config_sentence_transformers.json")};
  write_parts(files, parts_of(input));
  const std::filesystem::path folder = files[0].path().parent_path();
  for (const auto pooling : {std::optional<model::EmbeddingPooling>(), std::optional(model::EmbeddingPooling::kNone)}) {
    const auto settings = inference::read_sentence_settings(folder, pooling);
    require(!settings || !settings->max_length || *settings->max_length >= 3);
  }
  inference::is_sparse_encoder(folder);
  inference::read_sentence_prompts(folder);
}

}  // namespace albert::fuzz
