#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "metrics/report.h"
#include "tasks/common/constant_guess.h"
#include "tasks/common/label_answers.h"
#include "tasks/common/written_number.h"
#include "tasks/definition.h"
#include "tasks/text/record.h"
#include "tasks/text/settings.h"

namespace albert::tasks {

/// How the answers of a text task read scores and are written.
/// \param labels by class
/// Throws UsageError for thresholds of another number than the labels, or for more than two classes.
LabelAnswers text_answers(const TaskConfig& config, const std::vector<std::string>& labels);

/// The only value that a record's file says of it: a label, or a number as it is written.
/// Throws DataError for one that is empty, and for a list.
const std::string& value_of(const TextRecord& record);

/// The value as a finite number.
/// \param if_missing see NumberAdvice
/// Throws DataError naming the place of anything else.
double number_of(const TextRecord& record, const std::string& if_missing = kAdviceWithoutLabel);

/// The figures of classification, of sets of labels, or of regression.
/// \param labels by class
/// \param file labelled
/// \param answers [records of the file]
/// A label of the file that is none of these is one that no answer is right about.
/// Throws DataError for what is no number where one is expected.
metrics::Report judge_texts(const TextSettings& settings, const std::vector<std::string>& labels, const TextFile& file,
                            std::span<const LabelAnswer> answers);

/// The most frequent labels, sets of labels, or any number.
/// \param labels by class
/// \param file labelled
std::vector<ConstantGuess<LabelAnswer>> guess_texts(const TextSettings& settings,
                                                    const std::vector<std::string>& labels, const TextFile& file);

/// Throws DataError if a file of one's own has a column, or an object of it a member, that answers add.
void check_text_answers(const LabelAnswers& writer, const TextFile& file);

/// Writes a file of one's own with the answers added: as columns behind the others, or as members of its JSON objects;
/// whole or not at all.
void write_text_answers(const LabelAnswers& writer, const TextFile& file, std::span<const LabelAnswer> answers,
                        const std::filesystem::path& path);

}  // namespace albert::tasks
