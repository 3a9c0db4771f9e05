#include "tasks/choice/findings.h"

namespace albert::tasks {

ChoiceFindings find_in_choices(const ChoiceFile& file, std::span<const ChoiceAnswer> answers) {
  ChoiceFindings findings;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const ChoiceQuestion& question = file.records[i];
    findings.examples.push_back({.place = question.place,
                                 .context = question.context,
                                 .question = question.question,
                                 .choices = question.choices,
                                 .gold = static_cast<std::size_t>(question.label.value()),
                                 .predicted = answers[i].choice,
                                 .probabilities = answers[i].probabilities});
  }
  return findings;
}

}  // namespace albert::tasks
