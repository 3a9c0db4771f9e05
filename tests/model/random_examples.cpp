#include "random_examples.h"

#include "base/random.h"

namespace albert::model {

RandomExamples::RandomExamples(const std::vector<std::int64_t>& lengths, const AlbertConfig& config,
                               std::uint64_t seed) {
  for (std::size_t b = 0; b < lengths.size(); ++b) {
    Random random(seed, b);
    const auto draw_id = [&] {
      return static_cast<std::int32_t>(5 + random.below(static_cast<std::uint32_t>(config.vocab_size - 5)));
    };
    Content content;
    for (std::int32_t i = 0; i < lengths[b]; ++i) {
      content.token_ids.push_back(i == 0 ? 2 : draw_id());
      content.segment_ids.push_back(i > lengths[b] / 2);
      if (i > 0 && (i == 1 || random.uniform() < 0.2)) {
        content.masked_positions.push_back(i);
        content.labels.push_back(draw_id());
      }
    }
    contents_.push_back(std::move(content));
  }
  for (std::size_t b = 0; b < contents_.size(); ++b) {
    const Content& c = contents_[b];
    views_.push_back({{c.token_ids, c.segment_ids}, c.masked_positions, c.labels, static_cast<std::int32_t>(b % 2)});
  }
}

AlbertConfig small_config() {
  AlbertConfig config;
  config.vocab_size = 101;
  config.embedding_size = 16;
  config.hidden_size = 32;
  config.num_hidden_layers = 4;
  config.num_hidden_groups = 2;
  config.num_attention_heads = 4;
  config.intermediate_size = 48;
  config.hidden_dropout_prob = 0.1;
  config.attention_probs_dropout_prob = 0.1;
  config.sentence_order_dropout = true;
  config.max_position_embeddings = 64;
  return config;
}

}  // namespace albert::model
