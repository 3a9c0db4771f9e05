#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace albert::checkpoint {

/// What a checkpoint holds besides a model: to go on with its training.
inline constexpr const char* kOptimizerFile = "optimizer.safetensors";
inline constexpr const char* kStateFile = "trainer_state.json";
inline constexpr const char* kRunFile = "run.yaml";

/// The best evaluation so far.
struct BestResult {
  std::string metric;
  double value = 0;
  std::int64_t step = 0;
  std::optional<double> loss = {};  ///< on the same examples; nothing if it was not computed
  std::int64_t since = 0;           ///< the first evaluation that was as good

  bool operator==(const BestResult&) const = default;
};

/// Sums over some updates.
struct StepSums {
  std::vector<double> sums = {};  ///< the task's
  double num_tokens = 0;
  double seconds = 0;
  double waited_s = 0;     ///< the part of it spent waiting for data
  double exchanged_s = 0;  ///< the part of it that rank 0 spent waiting for other ranks
  /// Tokens that there would have been if every rank had as many as the one with most; 0 for a rank alone.
  double tokens_at_most = 0;

  bool operator==(const StepSums&) const = default;
};

/// What a record in metrics.jsonl says of its last update alone.
struct LastUpdate {
  double epoch = 0;  ///< with its fraction
  double learning_rate = 0;
  double gradient_norm = 0;

  bool operator==(const LastUpdate&) const = default;
};

/// Where a training run is: all that decides how it goes on besides parameters, optimizer state and configuration. Kept
/// in trainer_state.json.
struct TrainState {
  std::int64_t step = 0;            ///< updates done
  std::int64_t epoch = 0;           ///< from 0
  std::int64_t index_in_epoch = 0;  ///< examples of this epoch already used, over all ranks
  std::int64_t examples_seen = 0;   ///< since the start
  std::int64_t tokens_seen = 0;
  double elapsed_s = 0;  ///< time spent training, over all sittings
  std::uint64_t seed = 0;
  /// Tokens of the longest sequences so far: positions behind are new. Nothing: all are known, or none knows which.
  std::optional<std::int64_t> longest_sequence = 0;
  std::optional<BestResult> best = {};
  StepSums unrecorded = {};  ///< over the updates since the last record in metrics.jsonl
  /// Of a state that a stop saved before the evaluation and the record that are due after its last update: a resumed
  /// run begins with them.
  std::optional<LastUpdate> evaluation_due = {};
  /// What must be the same on resuming and is not part of the configuration: {"corpus": checksum, "tokenizer":
  /// fingerprint}.
  std::map<std::string, std::string> fingerprints = {};

  bool operator==(const TrainState&) const = default;
};

/// As JSON; numbers survive the way there and back exactly.
std::string to_json(const TrainState& state);
/// \param source the file's name for messages
/// Throws ModelError naming the key, what was expected and what was found.
TrainState train_state_from_json(const std::string& text, const std::filesystem::path& source);
/// The state in a checkpoint, of which nothing else is read.
/// Throws IoError if there is none; as train_state_from_json().
TrainState load_state(const std::filesystem::path& folder);

}  // namespace albert::checkpoint
