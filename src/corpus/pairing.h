#pragma once

#include <cstdint>
#include <vector>

#include "base/random.h"
#include "corpus/shard.h"

namespace albert::corpus {

class Masker;

/// Tokens of a shard.
struct Segment {
  const Shard* shard = nullptr;
  Range tokens;
};

/// Takes tokens away, one at a time, from the longer segment (the second if they are equally long), from its front or
/// back with equal probability, until both together hold at most `max_tokens` (google-research/albert
/// create_pretraining_data.py:601-616).
void truncate(Range& first, Range& second, std::uint64_t max_tokens, Random& random);

/// The same for a segment that stands alone.
void truncate(Range& only, std::uint64_t max_tokens, Random& random);

/// Where to divide a chunk that has no border between sentences: at a random place, moved on to the next word, or back
/// to the last one where there is none. In a chunk of a single word, inside the word. \param ids of the chunk, at least
/// two \returns the index of the first token of the second segment, in [1, ids.size())
std::size_t divide_inside(const std::vector<std::int32_t>& ids, const Masker& words, Random& random);

}  // namespace albert::corpus
