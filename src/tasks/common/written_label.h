#pragma once

#include <string>
#include <string_view>

namespace albert::tasks {

/// Throws DataError for a label that holds a control character: answers are written a line each, in columns apart by
/// tabs.
/// \param where the label stands: "train.tsv:12", or the setting that names it
void check_written_label(const std::string& label, std::string_view where);

}  // namespace albert::tasks
