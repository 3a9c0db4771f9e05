#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "metrics/report.h"
#include "tasks/common/constant_guess.h"
#include "tasks/common/label_answers.h"
#include "tasks/kind.h"
#include "tasks/relation/record.h"

namespace albert::tasks {

/// The official figures of SemEval-2010 Task 8.
/// \param labels by class
metrics::Report judge_relations(const RelationFile& file, std::span<const LabelAnswer> answers,
                                const std::vector<std::string>& labels);

/// The most frequent labels: the second one counts where the first is Other.
/// \param file labelled
std::vector<ConstantGuess<LabelAnswer>> guess_relations(const RelationFile& file,
                                                        const std::vector<std::string>& labels);

/// Throws DataError if a row of a file of JSON lines has a member that answers add.
void check_relation_answers(const RelationFile& file, const LabelAnswers& label_answers);

/// Writes what the task's scorer takes, lines of an id, a tab and a label; of a file of JSON lines its rows with the
/// answers as members.
void write_relation_answers(const RelationFile& file, std::span<const LabelAnswer> answers,
                            const LabelAnswers& label_answers, const std::filesystem::path& path);

/// Reads labelled sentences, or a key: lines of an id, a tab and a label (TEST_FILE_KEY.TXT), of which records are made
/// without a text. Throws DataError for a sentence without a label, and for an id that occurs twice.
RelationFile read_relation_gold(const std::filesystem::path& path);

/// Reads the label of each sentence: from lines as those of a key, or from JSON lines with a member "prediction" each.
/// \return [records of gold]. Throws DataError for ids that are missing in either file or there twice, and for a label
/// of no relation that there is.
std::vector<std::string> read_relation_labels(const RelationFile& gold, const ScoreFiles& files);

}  // namespace albert::tasks
