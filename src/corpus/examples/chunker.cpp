#include "corpus/examples/chunker.h"

#include <algorithm>

#include "base/error.h"

namespace albert::corpus {

/// How far a chunk reaches.
struct Chunker::Extent {
  std::uint64_t end;            ///< in tokens
  std::uint32_t num_sentences;  ///< begun in it, a part of one counted as one
};

std::uint64_t Chunker::draw_target(Random& random) const {
  if (random.uniform() >= rules_.short_probability) return rules_.max_tokens;
  return 2 + random.below(static_cast<std::uint32_t>(rules_.max_tokens - 1));
}

Chunker::Extent Chunker::extent_of(std::uint64_t begin, std::uint64_t sentence, std::uint64_t sentence_limit,
                                   std::uint64_t target) const {
  const std::uint64_t full = begin + rules_.max_tokens;
  const std::uint32_t min_sentences = rules_.pairs ? 2 : 1;
  std::uint64_t end = shard_->tokens_of(sentence).end;
  if (end > full) return {.end = full, .num_sentences = 1};

  std::uint32_t num_sentences = 1;
  std::uint64_t next = sentence + 1;
  for (; next < sentence_limit && (end - begin < target || num_sentences < min_sentences); ++next) {
    const Range tokens = shard_->tokens_of(next);
    if (tokens.size() > rules_.max_tokens) {
      // A sentence longer than an example fills this chunk up, and the next chunk goes on inside it.
      return {.end = full, .num_sentences = end < full ? num_sentences + 1 : num_sentences};
    }
    end = tokens.end;
    ++num_sentences;
  }
  if (rules_.pairs && next + 1 == sentence_limit) {
    const std::uint64_t document_end = shard_->tokens_of(next).end;
    if (document_end <= full) return {.end = document_end, .num_sentences = num_sentences + 1};
  }
  return {.end = end, .num_sentences = num_sentences};
}

Chunker::Walk::Walk(const Chunker& chunker, std::uint64_t token) : chunker_(&chunker), token_(token) {
  if (done()) return;
  document_ = chunker.shard_->document_at(token);
  enter_document();
  sentence_ = chunker.shard_->sentence_at(token);
}

void Chunker::Walk::enter_document() {
  sentences_ = chunker_->shard_->sentences_of(document_);
  end_ = chunker_->shard_->document_tokens(document_).end;
  sentence_ = sentences_.begin;
}

Chunk Chunker::Walk::next() {
  const Chunker& chunker = *chunker_;
  Random random(chunker.key_, token_);
  Chunk chunk;
  chunk.target = chunker.draw_target(random);
  const Extent extent = chunker.extent_of(token_, sentence_, sentences_.end, chunk.target);
  chunk.tokens = {token_, extent.end};
  chunk.border = extent.num_sentences < 2
                     ? extent.end
                     : chunker.shard_->tokens_of(sentence_ + random.below(extent.num_sentences - 1)).end;
  chunk.flip = chunker.rules_.pairs && random.below(2) == 1;
  chunk.next = chunker.rules_.replace_second && chunk.flip ? chunk.border : extent.end;

  token_ = chunk.next;
  if (token_ < end_) {
    while (chunker.shard_->tokens_of(sentence_).end <= token_) ++sentence_;
  } else if (!done()) {
    ++document_;
    enter_document();
  }
  return chunk;
}

}  // namespace albert::corpus
