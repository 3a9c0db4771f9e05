#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "corpus/block_encoder.h"
#include "corpus/manifest.h"
#include "corpus/shard_writer.h"

namespace albert::corpus {

/// A document of one split.
struct DocumentPlace {
  Split split = Split::kTrain;
  std::uint64_t index = 0;
};

/// Writes documents into the shards of the two splits, each by its hash.
class SplitWriter {
 public:
  /// \param held_out share of the documents to hold out, in [0, 1)
  SplitWriter(const std::filesystem::path& folder, std::int32_t vocabulary_size, double held_out);

  /// Adds the next block of the input.
  void add(const EncodedBlock& block);

  /// Documents written, in both splits.
  std::uint64_t num_documents() const {
    return parts_[0].writer.counts().documents + parts_[1].writer.counts().documents;
  }
  /// Documents whose text left no token.
  std::uint64_t num_empty_documents() const { return num_empty_documents_; }

  /// Completes the shards; those of training come first.
  std::vector<ShardRecord> finish();

  /// The document that has to change its split: if none was held out though a share should be, the one with the
  /// smallest hash; if all were, the one with the largest. A single document is trained on.
  std::optional<DocumentPlace> misplaced() const;

 private:
  struct Part {
    ShardWriter writer;
    std::uint64_t smallest_hash = 0;
    std::uint64_t smallest_index = 0;
    std::uint64_t largest_hash = 0;
    std::uint64_t largest_index = 0;

    void note(std::uint64_t hash, std::uint64_t index);
  };

  Part& part(Split split) { return parts_[static_cast<std::size_t>(split)]; }
  const Part& part(Split split) const { return parts_[static_cast<std::size_t>(split)]; }
  void end_document();

  double held_out_;
  std::array<Part, 2> parts_;
  std::uint64_t num_empty_documents_ = 0;
  Split split_ = Split::kTrain;  ///< where the current document goes
  std::uint64_t hash_ = 0;       ///< that of the current document
};

/// Rewrites a corpus that lies complete in `folder` with one document in the other split, and returns its new shards.
/// Where a document stands among those of its new split does not matter: it is alone there.
std::vector<ShardRecord> move_document(const std::filesystem::path& folder, const DocumentPlace& place);

}  // namespace albert::corpus
