#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// Removal of checkpoints, or of parts of them, that a run does not need any more.
namespace albert::checkpoint {

/// Which checkpoints of a run stay. Those that are not whole are neither counted nor removed.
struct CleanRule {
  std::int64_t keep = 1;   ///< so many of the newest, at least 1, beside the best one and the one that `latest` names
  bool only_best = false;  ///< the best one alone, whatever `keep` is; where none is the best, the newest
  /// No checkpoint goes, but from all that are not to be resumed from goes what only resuming needs: kOptimizerFile and
  /// kStateFile. What stays are whole models.
  bool optimizer_states = false;
};

/// Something that goes.
struct Removal {
  std::filesystem::path path;           ///< a checkpoint, or what a killed process left of one
  std::vector<std::string> files = {};  ///< those of a checkpoint that go; empty: all of it
  std::uint64_t size_bytes = 0;         ///< on the disk
};

/// Something that stays.
struct Kept {
  std::filesystem::path path;
  std::string reason;        ///< "newest", "best", "damaged: ..."
  bool is_in_doubt = false;  ///< nobody knows whether it is needed: the user is told to look
};

/// What a rule says of a run.
struct Cleaning {
  std::vector<Removal> removals;  ///< the oldest first
  std::vector<Kept> kept;         ///< likewise
  std::int64_t latest = -1;       ///< the step that `latest` is to name before anything goes; -1: it stays as it is

  std::uint64_t size_bytes() const;  ///< what would be freed
};

/// Writes nothing. Reads every byte of the checkpoints that are to stay, since those that go might be the last whole
/// ones.
///
/// A checkpoint goes only if it is known: it has a manifest, and holds nothing else than the files that it names. Links
/// are followed nowhere.
/// \param folder the folder `checkpoints` of a run; one that is not there holds nothing
/// Throws IoError; UsageError if the folder is a link.
Cleaning plan_cleaning(const std::filesystem::path& folder, const CleanRule& rule);

/// Removes what a plan says. Whenever it is killed, each checkpoint is whole or gone: one that goes loses its name first,
/// one of which files go first gets a manifest without them. The caller holds the run's lock since before the plan.
/// Throws IoError.
void carry_out(const std::filesystem::path& folder, const Cleaning& cleaning);

}  // namespace albert::checkpoint
