#pragma once

namespace albert::parallel {

/// Starts this program `size` times with its own arguments, on this host, as ranks of one training (see
/// local_environment()), and waits for them. Signals that ask this process to stop are passed on to all. What the first
/// rank prints is printed; the others print errors only.
/// \return the exit code of the first one that failed; 0 if none did
/// Throws IoError if a process cannot be started.
int run_local_ranks(int size);

/// Whether this process is one of those, and its own arguments ask for them once more.
bool is_local_rank();

}  // namespace albert::parallel
