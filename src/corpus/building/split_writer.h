#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "corpus/encoding/block_encoder.h"
#include "corpus/store/assembly_settings.h"
#include "corpus/store/manifest.h"
#include "corpus/store/shard_writer.h"

namespace albert::corpus {

/// Sentences of a document of one split, which were put there as one.
struct Unit {
  Split split = Split::kTrain;
  std::uint64_t document = 0;
  std::uint64_t first_sentence = 0;
  std::uint64_t last_sentence = 0;  ///< excluded
};

/// Writes documents into the shards of the two splits, each by its hash. By sections, each block goes where its hash
/// says; what follows each other in one split is one document there.
class SplitWriter {
 public:
  /// \param held_out share of the documents or sections to hold out, in [0, 1)
  SplitWriter(const std::filesystem::path& folder, std::int32_t vocabulary_size, double held_out, HeldOutBy by);

  /// Adds the next block of the input.
  void add(const EncodedBlock& block);

  /// Documents written, in both splits.
  std::uint64_t num_documents() const {
    return sides_[0].writer.counts().documents + sides_[1].writer.counts().documents;
  }
  /// Documents whose text left no token.
  std::uint64_t num_empty_documents() const { return num_empty_documents_; }

  /// Completes the shards; those of training come first.
  std::vector<ShardRecord> finish();

  /// What has to change its split: if nothing was held out though a share should be, the document or section with the
  /// smallest hash; if all were, the one with the largest. A single one is trained on.
  std::optional<Unit> misplaced() const;

 private:
  struct Side {
    ShardWriter writer;
    std::uint64_t num_units = 0;
    std::uint64_t smallest_hash = 0;
    Unit smallest{};
    std::uint64_t largest_hash = 0;
    Unit largest{};

    void note(std::uint64_t hash, const Unit& unit);
  };

  Side& side(Split split) { return sides_[static_cast<std::size_t>(split)]; }
  const Side& side(Split split) const { return sides_[static_cast<std::size_t>(split)]; }
  void begin_unit(std::uint64_t hash);
  void end_unit();
  void end_run();
  void end_document();

  double held_out_;
  HeldOutBy by_;
  std::array<Side, 2> sides_;
  std::uint64_t num_empty_documents_ = 0;
  std::uint64_t num_sentences_ = 0;  ///< of the current document of the input

  // The current run: what of this document has gone to one split without a gap.
  Split split_ = Split::kTrain;
  std::uint64_t run_sentences_ = 0;

  // The current unit.
  std::uint64_t hash_ = 0;
  std::uint64_t unit_begin_ = 0;  ///< a sentence of the run
};

/// Rewrites a corpus that lies complete in `folder` with one unit in the other split, and returns its new shards. Where
/// it stands among the documents of its new split does not matter: it is alone there.
std::vector<ShardRecord> move_unit(const std::filesystem::path& folder, const Unit& unit);

}  // namespace albert::corpus
