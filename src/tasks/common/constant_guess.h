#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "tasks/common/label_answers.h"

/// What a guess that never looks at its input would say: the measure of a model that has learnt nothing.
namespace albert::tasks {

/// The same said of every record of a file.
template <typename Answer>
struct ConstantGuess {
  std::string name;             ///< for people: "'positive'"
  std::vector<Answer> answers;  ///< [records of the file]
};

/// The two classes that are right most often, the more frequent first: what is best to guess, by whichever figure, is
/// one of them. A class that is never right is none of them.
/// \param counts [C] how often each class is right
std::vector<std::size_t> most_frequent(std::span<const std::size_t> counts);

/// Guesses of each of these.
/// \param labels [C]
std::vector<ConstantGuess<LabelAnswer>> guess_labels(std::span<const std::string> labels,
                                                     std::span<const std::size_t> counts, std::size_t num_records);

}  // namespace albert::tasks
