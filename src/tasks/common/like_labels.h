#pragma once

#include <string>
#include <vector>

namespace albert::tasks {

/// Warns of pairs of labels that are classes of their own, but may be meant to be one: they differ in white space, in how
/// Unicode writes a character, in characters that nobody sees, in case, or in how a number is written. Each pair is named
/// once. Warns, too, of labels that mix scripts whose letters look alike, and of labels that are so long that another
/// column may be meant.
/// \param labels by class
void warn_of_doubtful_labels(const std::vector<std::string>& labels);

}  // namespace albert::tasks
