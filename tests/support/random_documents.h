#pragma once

#include <cstdint>
#include <vector>

#include "base/random.h"
#include "support/small_corpus.h"

namespace albert::testing {

/// What random_documents() makes; both ends of a range are included.
struct RandomDocuments {
  std::uint32_t num_documents = 20;
  std::uint32_t max_sentences = 40;
  std::uint32_t max_sentence_tokens = 40;
  std::int32_t vocabulary_size = 100;
};

inline std::vector<Sentences> random_documents(const RandomDocuments& shape, std::uint64_t seed = 1) {
  std::vector<Sentences> documents;
  for (std::uint32_t i = 0; i < shape.num_documents; ++i) {
    Random random(random_key(seed, {}), i);
    Sentences document(1 + random.below(shape.max_sentences));
    for (std::vector<std::int32_t>& sentence : document) {
      sentence.resize(1 + random.below(shape.max_sentence_tokens));
      for (std::int32_t& id : sentence)
        id = 5 + static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(shape.vocabulary_size - 5)));
    }
    documents.push_back(std::move(document));
  }
  return documents;
}

}  // namespace albert::testing
