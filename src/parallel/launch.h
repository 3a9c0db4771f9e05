#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// How the processes of one training find each other. Whatever started them has said so in environment variables.
namespace albert::parallel {

/// One of the processes ("ranks") that train together.
struct Launch {
  std::string launcher;  ///< who started them, for messages: "torchrun"
  int rank = 0;
  int size = 1;
  int local_rank = 0;  ///< among those of this host
  int local_size = 1;  ///< of these, as far as the launcher says; 1 where it does not (Slurm, Kubernetes)
  /// Where the store is by which they find each other.
  std::string address;
  std::uint16_t port = 0;
  bool has_agent = false;     ///< the launcher serves the store; else rank 0 does
  std::int64_t restarts = 0;  ///< how often the launcher has started all of them anew
  std::string run_id;         ///< keeps the keys of one run apart from those of another
};

/// The value of an environment variable; nothing if it is not set.
using Environment = std::function<std::optional<std::string>(const char* name)>;

/// Set for the processes that `albert --ranks` starts, to tell it from torchrun.
inline constexpr const char* kLocalLauncher = "ALBERT_RANKS";

/// That of this process.
std::optional<std::string> environment(const char* name);

/// What the environment says: the variables of torchrun (also set by Kubernetes' PyTorchJob, and by hand), of Slurm's
/// srun, or of Open MPI's mpirun. One process alone if there are none.
///
/// Slurm's variables in a batch script itself, outside of srun, mean nothing: the script is one process.
/// Throws UsageError for a variable that is missing beside others, or is no number of its kind; and for
/// TORCH_GLOO_LAZY_INIT, with which a rank that dies early lets the others wait for ever.
Launch find_launch(const Environment& environment = parallel::environment);

/// Writes why this process ends to the file that torchrun names for it (TORCHELASTIC_ERROR_FILE), if it does: torchrun
/// then prints it as the root cause.
void write_error_file(const std::string& message) noexcept;

/// How many descriptors one of them, or who starts them, may have at a time: a connection to each other rank, those by which
/// all reach the store if it serves it, and its own files.
std::uint64_t descriptors_for(int size);

/// The environment of one of `size` local processes, as find_launch() reads it.
/// \return NAME=VALUE each
std::vector<std::string> local_environment(int rank, int size, std::uint16_t port);

}  // namespace albert::parallel
