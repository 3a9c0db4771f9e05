#pragma once

namespace albert::parallel {

/// So many processes run_local_ranks() starts at most.
inline constexpr int kMostLocalRanks = 256;

/// Starts this program `size` times with its own arguments, on this host, as ranks of one training (see
/// local_environment()), and waits for them. Signals that ask this process to stop are passed on to all. What the first
/// rank prints is printed; the others print errors only.
/// \return the exit code of the first one that failed; 0 if none did
/// \param size 2 to kMostLocalRanks
/// Throws IoError if a process cannot be started.
int run_local_ranks(int size);

/// Whether the environment says that this process is one of those: its arguments are those of the process that started
/// it, and ask for ranks once more.
bool is_local_rank();

}  // namespace albert::parallel
