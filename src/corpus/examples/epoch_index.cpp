#include "corpus/examples/epoch_index.h"

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
    const Chunker chunker(shard, rules, random_key(key, {shards_.size()}));
    shards_.push_back(
        {.chunker = chunker, .shard = &shard, .first_document = first_document, .example_end = 0, .anchors = {}});
    first_document += shard.counts().documents;
  }
  for (IndexedShard& each : shards_) walk(each);
}

void EpochIndex::walk(IndexedShard& shard) {
  const std::uint64_t max_tokens = shard.chunker.rules().max_tokens;
  std::uint64_t examples = 0;
  for (Chunker::Walk walk(shard.chunker, 0); !walk.done();) {
    const std::uint64_t token = walk.token();
    const Chunk chunk = walk.next();
    const std::uint64_t num_tokens = chunk.next - chunk.tokens.begin;
    if (!shard.chunker.usable(chunk)) {
      statistics_.dropped_tokens += num_tokens;
      continue;
    }
    statistics_.num_tokens += num_tokens;
    statistics_.truncated_tokens += num_tokens > max_tokens ? num_tokens - max_tokens : 0;
    if (examples++ % kAnchorStride == 0) shard.anchors.push_back(token);
  }
  statistics_.num_examples += examples;
  shard.example_end = statistics_.num_examples;
}

EpochIndex::Entry EpochIndex::find(std::uint64_t number) const {
  const auto shard = std::upper_bound(
      shards_.begin(), shards_.end(), number,
      [](std::uint64_t value, const IndexedShard& candidate) { return value < candidate.example_end; });
  if (shard == shards_.end()) throw InternalError("example {} of {}", number, statistics_.num_examples);
  const std::uint64_t before = shard == shards_.begin() ? 0 : std::prev(shard)->example_end;
  Chunker::Walk walk(shard->chunker, shard->anchors[(number - before) / kAnchorStride]);
  std::uint64_t left = (number - before) % kAnchorStride;
  for (;;) {
    const std::uint64_t document = shard->first_document + walk.document();
    const Chunk chunk = walk.next();
    if (shard->chunker.usable(chunk) && left-- == 0)
      return {.shard = shard->shard, .document = document, .chunk = chunk};
  }
}

}  // namespace albert::corpus
