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
}

}  // namespace albert::tasks
