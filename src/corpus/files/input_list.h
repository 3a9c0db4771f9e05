#pragma once

#include <string>
#include <vector>

namespace albert::corpus {

/// The same arguments, with each "@FILE" replaced by the lines of that file: a file, folder or pattern each, without
/// blank lines; "@-" is standard input. A file whose own name begins with @ is no list.
/// Throws IoError for a list that cannot be read; DataError for one that names nothing, or has NUL bytes; UsageError for what is an
/// address on the network, with how it is read through standard input.
std::vector<std::string> expand_lists(const std::vector<std::string>& arguments);

}  // namespace albert::corpus
