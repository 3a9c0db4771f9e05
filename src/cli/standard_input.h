#pragma once

#include <string>

namespace albert::cli {

class Command;

/// The path by which standard input is read as a file: what `-` stands for in place of one. It may be named once.
/// \param is_read_once otherwise what comes through a pipe is kept in memory, so that it can be read again from its
///     beginning, as a file can
/// Throws UsageError the second time; IoError.
std::string standard_input_path(bool is_read_once);

/// For a command that reads standard input anyway: takes a `-`, and says of a file how it is given.
void accept_dash(Command command);

}  // namespace albert::cli
