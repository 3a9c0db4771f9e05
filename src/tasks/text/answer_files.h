#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tasks/common/label_answers.h"
#include "tasks/task.h"
#include "tasks/text/format.h"
#include "tasks/text/record.h"
#include "tasks/text/settings.h"

/// Files of texts to be judged without a model. Predictions are a submission of GLUE, or of one's own files as many
/// rows, in UTF-8: those with an index of the same name as one of the gold file, or of another name with the numbers of
/// its rows, in any order; those without in the same order. They may be the gold file itself.
namespace albert::tasks {

/// What is right, by a labelled file; the texts themselves need not be there. Throws DataError.
TextFile read_gold_texts(const TextSettings& settings, const std::filesystem::path& file);

/// What a file predicts.
struct WrittenAnswers {
  std::string file;                      ///< its name
  std::vector<TextRecord> records;       ///< [gold records]; their `labels` are what was predicted
  std::vector<std::string> labels = {};  ///< that the file has probabilities of; empty: it names none
  bool are_lists = false;                ///< sets of labels are lists of JSON, not texts with separators
};

/// Reads predictions.
/// \param gold read by read_gold_texts()
/// Throws DataError for different numbers of rows, for columns that are not there, where nothing tells which rows the
/// predictions are of, and where they repeat the rows of another file than the gold one; of GLUE see read_glue_answers().
WrittenAnswers read_written_answers(const TextSettings& settings, const TextFile& gold, const ScoreFiles& files);

/// The same for one's own files.
WrittenAnswers read_own_answers(const TextSettings& settings, const TextFile& gold, const ScoreFiles& files);

/// All labels, by class: those of the configuration, else those that the predictions have probabilities of, else those
/// that occur in either file. None for regression.
std::vector<std::string> labels_of_files(const TextSettings& settings, const TextFile& gold,
                                         const WrittenAnswers& written);

/// Predictions that are numbers, as answers. Throws DataError for what is none.
std::vector<LabelAnswer> read_numbers(const WrittenAnswers& written);

/// Predictions as answers.
/// \param labels by class
/// Throws DataError for labels that are none of these, for what is no number, and where labels hold what stands between
/// them, so that nobody could tell them apart.
std::vector<LabelAnswer> answers_of_files(const TextSettings& settings, const std::vector<std::string>& labels,
                                          const WrittenAnswers& written);

}  // namespace albert::tasks
