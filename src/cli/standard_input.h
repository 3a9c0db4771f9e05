#pragma once

#include <string>

namespace albert::cli {

class Command;

/// The path of a file that is read: "/dev/stdin" for `-`, which may be named once.
/// \param is_read_once otherwise what comes through a pipe, as of <(command), a socket or a terminal is kept in memory,
///     so that it can be read again from its beginning, as a file can
/// Throws UsageError for a second `-`; IoError, also for more than kMaxFileBytes to be kept.
std::string input_path(const std::string& word, bool is_read_once);

/// For a command that reads standard input anyway: takes a `-`, and says of a file how it is given.
void accept_dash(Command command);

}  // namespace albert::cli
