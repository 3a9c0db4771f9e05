#include "tasks/choice/settings.h"

namespace albert::tasks {

void ChoiceSettings::fields(config::Fields& f) {
  f("max_choice_length", max_choice_length,
    "tokens of a question with a choice; of longer ones the last are kept (max_qa_length of google-research/albert "
    "run_race.py)",
    config::at_least(1));
  f("blank", blank,
    "what stands in a question for the place of the choice, as \"_\" in RACE; empty, or in questions without it: the "
    "choice follows the question");
  f.choice("answers", answers,
           "how answers are written where the data that are predicted do not say: letter (from A), number (from 0), or "
           "data (as the training data say which choice is right, else by letter)",
           {{"data", ChoiceForm::kUnsaid}, {"letter", ChoiceForm::kLetter}, {"number", ChoiceForm::kNumber}});
}

}  // namespace albert::tasks
