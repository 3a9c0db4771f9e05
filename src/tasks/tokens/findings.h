#pragma once

#include <span>

#include "tasks/findings.h"
#include "tasks/tokens/answers.h"
#include "tasks/tokens/record.h"
#include "tasks/tokens/settings.h"

namespace albert::tasks {

/// Sentences with their tags.
/// \param answers [records of the file]
TagFindings find_in_tags(TagScoring scoring, const TaggedFile& file, std::span<const TagAnswer> answers);

}  // namespace albert::tasks
