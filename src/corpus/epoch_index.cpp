#include "corpus/epoch_index.h"

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "base/random.h"

namespace albert::corpus {

namespace {

constexpr std::uint64_t kAnchorStride = 16;

}  // namespace

EpochIndex::EpochIndex(const Corpus& corpus, Split split, const ChunkRules& rules, std::uint64_t key) {
  std::uint64_t first_document = 0;
  for (const Shard& shard : corpus.shards(split)) {
    const Chunker chunker(shard, rules, random_key(key, {parts_.size()}));
    parts_.push_back(
        {.chunker = chunker, .shard = &shard, .first_document = first_document, .example_end = 0, .anchors = {}});
    first_document += shard.counts().documents;
  }
  for (Part& part : parts_) walk(part);
}

void EpochIndex::walk(Part& part) {
  const std::uint64_t max_tokens = part.chunker.rules().max_tokens;
  std::uint64_t examples = 0;
  for (Chunker::Walk walk(part.chunker, 0); !walk.done();) {
    const std::uint64_t token = walk.token();
    const Chunk chunk = walk.next();
    const std::uint64_t num_tokens = chunk.next - chunk.tokens.begin;
    if (!part.chunker.usable(chunk)) {
      statistics_.dropped_tokens += num_tokens;
      continue;
    }
    statistics_.num_tokens += num_tokens;
    statistics_.truncated_tokens += num_tokens > max_tokens ? num_tokens - max_tokens : 0;
    if (examples++ % kAnchorStride == 0) part.anchors.push_back(token);
  }
  statistics_.num_examples += examples;
  part.example_end = statistics_.num_examples;
}

EpochIndex::Entry EpochIndex::find(std::uint64_t number) const {
  const auto part =
      std::upper_bound(parts_.begin(), parts_.end(), number,
                       [](std::uint64_t value, const Part& candidate) { return value < candidate.example_end; });
  if (part == parts_.end()) throw InternalError("example {} of {}", number, statistics_.num_examples);
  const std::uint64_t before = part == parts_.begin() ? 0 : std::prev(part)->example_end;
  Chunker::Walk walk(part->chunker, part->anchors[(number - before) / kAnchorStride]);
  std::uint64_t left = (number - before) % kAnchorStride;
  for (;;) {
    const std::uint64_t document = part->first_document + walk.document();
    const Chunk chunk = walk.next();
    if (part->chunker.usable(chunk) && left-- == 0) return {.shard = part->shard, .document = document, .chunk = chunk};
  }
}

}  // namespace albert::corpus
