#include "tasks/choice/record.h"

#include <algorithm>

#include "base/error.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

constexpr std::size_t kMaxChoices = 26;  // as many as there are letters

bool is_empty(std::string_view text) {
  return text::trim(text).empty();
}

}  // namespace

std::string choice_letter(std::size_t choice) {
  return std::string(1, static_cast<char>('A' + choice));
}

std::optional<std::int64_t> choice_of_letter(std::string_view letter, std::size_t num_choices) {
  if (letter.size() != 1 || letter[0] < 'A') return std::nullopt;
  const auto choice = static_cast<std::size_t>(letter[0] - 'A');
  if (choice >= num_choices) return std::nullopt;
  return static_cast<std::int64_t>(choice);
}

ChoiceForm form_of(const ChoiceQuestion& question, ChoiceForm if_unsaid) {
  const bool is_said = question.form != ChoiceForm::kUnsaid || !question.names.empty();
  return is_said ? question.form : if_unsaid;
}

std::string written_choice(const ChoiceQuestion& question, std::size_t choice, ChoiceForm if_unsaid) {
  if (form_of(question, if_unsaid) == ChoiceForm::kNumber) return std::to_string(choice);
  return question.names.empty() ? choice_letter(choice) : question.names[choice];
}

std::optional<std::int64_t> choice_of(const ChoiceQuestion& question, std::string_view written) {
  for (std::size_t i = 0; i < question.choices.size(); ++i) {
    if (written == written_choice(question, i, ChoiceForm::kUnsaid)) return static_cast<std::int64_t>(i);
  }
  return choice_of_letter(written, question.choices.size());
}

void check_question(const ChoiceQuestion& question) {
  const std::string place = question.place.to_string();
  if (is_empty(question.question) && is_empty(question.context)) throw DataError("{}: the question is empty", place);
  if (question.choices.size() < 2 || question.choices.size() > kMaxChoices) {
    throw DataError("{}: expected 2 to {} choices, found {}", place, kMaxChoices, question.choices.size());
  }
  for (std::size_t i = 0; i < question.choices.size(); ++i) {
    if (is_empty(question.choices[i])) throw DataError("{}: choice {} is empty", place, choice_letter(i));
  }
}

}  // namespace albert::tasks
