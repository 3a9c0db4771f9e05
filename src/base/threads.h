#pragma once

#include <cstdint>
#include <string>
#include <system_error>

namespace albert {

/// What to tell users whom the system refuses a thread.
std::string cannot_start_threads(const std::system_error& error);

/// Starts threads and ends them again. For libraries that end the process, or wait for ever, where a thread of theirs
/// cannot be started.
/// Throws IoError if the system does not give so many at once.
void require_threads(std::int64_t count);

}  // namespace albert
