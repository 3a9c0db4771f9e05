#pragma once

#include <span>
#include <string>
#include <vector>

#include "tasks/common/label_answers.h"
#include "tasks/findings.h"
#include "tasks/text/record.h"
#include "tasks/text/settings.h"

namespace albert::tasks {

/// One text, or two.
std::vector<ShownText> shown_texts(const TextRecord& record);

/// Texts with their classes, labels or numbers, as judge_texts() compares them.
/// \param labels by class
/// \param answers [records of the file]
Findings find_in_texts(const TextSettings& settings, const std::vector<std::string>& labels, const TextFile& file,
                       std::span<const LabelAnswer> answers);

}  // namespace albert::tasks
