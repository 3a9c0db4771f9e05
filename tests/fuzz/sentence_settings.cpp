// An input is the files of a folder of sentence-transformers that are JSON, with kSeparator between them (make_seeds.py).

#include "inference/sentence_settings.h"

#include <array>
#include <string>
#include <string_view>

#include "base/file.h"
#include "fuzz.h"
#include "parts.h"

namespace albert::fuzz {

void read(const std::filesystem::path& input) {
  constexpr std::array kFiles = {"modules.json", "1_Pooling/config.json", "sentence_bert_config.json",
                                 "config_sentence_transformers.json"};
  const std::string content = read_file(input);
  const std::vector<std::string> parts = parts_of(content);
  const Folder folder(input.string() + ".folder");
  for (std::size_t i = 0; i < std::min(parts.size(), kFiles.size()); ++i) folder.write(kFiles[i], parts[i]);
  for (const auto pooling : {std::optional<model::EmbeddingPooling>(), std::optional(model::EmbeddingPooling::kNone)}) {
    const auto settings = inference::read_sentence_settings(folder.path(), pooling);
    if (settings && settings->max_length && *settings->max_length < 3) std::abort();
  }
}

}  // namespace albert::fuzz
