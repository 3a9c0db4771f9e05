#pragma once

#include <span>
#include <string>
#include <vector>

#include "tasks/common/label_answers.h"
#include "tasks/findings.h"
#include "tasks/relation/record.h"

namespace albert::tasks {

/// Sentences with their entities marked and their relations.
/// \param labels by class
/// \param answers [records of the file]
ClassFindings find_in_relations(const RelationFile& file, std::span<const LabelAnswer> answers,
                                std::vector<std::string> labels);

}  // namespace albert::tasks
