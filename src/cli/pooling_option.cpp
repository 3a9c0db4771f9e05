#include "cli/pooling_option.h"

#include "cli/choice_option.h"

namespace albert::cli {

void add_pooling_option(Command& command, std::optional<model::EmbeddingPooling>& pooling) {
  using model::EmbeddingPooling;
  add_choice<EmbeddingPooling>(
      command, "--pooling",
      {{"mean", EmbeddingPooling::kMean},
       {"first", EmbeddingPooling::kFirstToken},
       {"cls", EmbeddingPooling::kFirstToken}},
      [&pooling](EmbeddingPooling given) { pooling = given; },
      "How a text becomes one vector: mean (of the hidden states of its tokens) or first (the hidden state of [CLS], "
      "also called cls) [as the model was fine-tuned, else mean]");
}

}  // namespace albert::cli
