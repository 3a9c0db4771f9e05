#include "cli/pooling_option.h"

#include <map>
#include <string>

#include <CLI/CLI.hpp>

namespace albert::cli {

void add_pooling_option(CLI::App& command, std::optional<model::EmbeddingPooling>& pooling) {
  using model::EmbeddingPooling;
  static const std::map<std::string, EmbeddingPooling> kPoolings{{"mean", EmbeddingPooling::kMean},
                                                                 {"first", EmbeddingPooling::kFirstToken}};
  command
      .add_option_function<EmbeddingPooling>(
          "--pooling", [&pooling](const EmbeddingPooling& given) { pooling = given; },
          "How a text becomes one vector: mean of its tokens' hidden states, or first, that of [CLS] [as the model was "
          "fine-tuned, else mean]")
      ->transform(CLI::CheckedTransformer(kPoolings));
}

}  // namespace albert::cli
