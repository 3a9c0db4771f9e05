#pragma once

#include <cstdint>

#include "base/random.h"
#include "corpus/store/shard.h"

namespace albert::corpus {

/// How a document is cut into chunks, one for each example.
struct ChunkRules {
  std::uint64_t max_tokens = 509;  ///< the most in an example, special tokens not counted
  /// How likely a chunk aims at a length uniform in [2, max_tokens] instead of max_tokens.
  double short_probability = 0.1;
  bool pairs = true;            ///< a chunk becomes two segments; otherwise one
  bool replace_second = false;  ///< half of the chunks give back their second segment (next-sentence prediction)
};

/// Consecutive tokens of one document, from which one example is made.
struct Chunk {
  Range tokens;  ///< counted from the first of the shard
  /// Where the second segment begins; equal to tokens.end if the chunk has no border between sentences.
  std::uint64_t border = 0;
  std::uint64_t target = 0;  ///< tokens that it aimed at
  bool flip = false;         ///< true half of the time: segments swapped, or the second one replaced
  std::uint64_t next = 0;    ///< where the chunk after it begins
};

/// Cuts the documents of a shard into chunks. What a chunk is depends on the key and on the token it begins at alone,
/// so that the walk may begin at any chunk.
///
/// As in google-research/albert create_pretraining_data.py:266-386, sentences are added until there are as many tokens
/// as the chunk aims at, or the document ends, and two segments are divided at a random border of sentences. It differs
/// from Google's in three ways:
/// - Google draws a short length once per document. Here it is drawn for each chunk: otherwise a book whose draw is 5
///   becomes thousands of tiny examples, and the chunks of the other books begin at the same places in every epoch.
/// - Google pairs a chunk of one sentence with a random document and labels it as swapped (issue #234 there). Here a
///   chunk gets a second sentence even if the first is long enough; a last sentence that would be left alone joins the
///   chunk before it where it fits; and a sentence that must stand alone (of a one-sentence document, say) is divided
///   inside (see example_maker.h).
/// - Google truncates a sentence longer than an example, and the rest is lost. Here the next chunk goes on inside the
///   sentence.
class Chunker {
 public:
  Chunker(const Shard& shard, const ChunkRules& rules, std::uint64_t key) : shard_(&shard), rules_(rules), key_(key) {}

  /// A walk over the chunks of a shard.
  class Walk {
   public:
    /// Begins at a token that is the first of a chunk.
    Walk(const Chunker& chunker, std::uint64_t token);

    bool done() const { return token_ >= chunker_->shard_->counts().tokens; }
    std::uint64_t token() const { return token_; }
    std::uint64_t document() const { return document_; }
    /// The chunk here. Then moves to the next.
    Chunk next();

   private:
    void enter_document();

    const Chunker* chunker_;
    std::uint64_t token_;
    std::uint64_t document_ = 0;
    std::uint64_t sentence_ = 0;  ///< that token_ belongs to
    Range sentences_;             ///< what the document has
    std::uint64_t end_ = 0;       ///< where the document ends, in tokens
  };

  /// Whether a chunk becomes an example: two segments need two tokens.
  bool usable(const Chunk& chunk) const { return chunk.tokens.size() >= (rules_.pairs ? 2U : 1U); }
  const ChunkRules& rules() const { return rules_; }

 private:
  struct Extent;
  Extent extent_of(std::uint64_t begin, std::uint64_t sentence, std::uint64_t sentence_limit,
                   std::uint64_t target) const;
  std::uint64_t draw_target(Random& random) const;

  const Shard* shard_;
  ChunkRules rules_;
  std::uint64_t key_;
};

}  // namespace albert::corpus
