#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tasks/common/place.h"

namespace albert::tasks {

/// How it is said which choice is right.
enum class ChoiceForm {
  kUnsaid,  ///< nothing says how: by a letter
  kLetter,  ///< from A
  kNumber,  ///< from 0
};

/// A question with the answers to choose from.
struct ChoiceQuestion {
  Place place;
  std::string id = {};        ///< as in the file; else the number of the row, from 1
  std::string context = {};   ///< what the question is about; empty: there is no such text
  std::string question = {};  ///< may be empty where there is a context that the choices go on with
  std::vector<std::string> choices = {};
  std::vector<std::string> names = {};     ///< by which its file knows the choices: "1", "2" ...; empty: it names none
  ChoiceForm form = ChoiceForm::kUnsaid;   ///< of its file, where that does not go by the names
  std::optional<std::int64_t> label = {};  ///< the right one, from 0; nothing if the file does not say
  std::string group = {};  ///< of questions that are judged apart too: "middle" or "high" of RACE; or empty
};

/// What was read from a file, or from a folder of RACE. All questions are labelled or none.
struct ChoiceFile {
  std::vector<ChoiceQuestion> records = {};
  /// Ids of questions that cannot be chosen from, since the file has lost their choices or the right one: some of ARC's
  /// copies in CSV have.
  std::vector<std::string> left_out = {};

  bool is_labelled() const { return !records.empty() && records.front().label.has_value(); }
  void append(ChoiceFile more) {
    std::ranges::move(more.records, std::back_inserter(records));
    std::ranges::move(more.left_out, std::back_inserter(left_out));
  }
};

/// "A" for 0 ... "Z" for 25.
std::string choice_letter(std::size_t choice);

/// The way back; nothing if the text is no such letter, or one beyond `num_choices`.
std::optional<std::int64_t> choice_of_letter(std::string_view letter, std::size_t num_choices);

/// The same question's form where its file says which it is, else another one.
ChoiceForm form_of(const ChoiceQuestion& question, ChoiceForm if_unsaid);

/// A choice as the question's file would write it: its number, its name or its letter.
/// \param if_unsaid the form where the file does not say
std::string written_choice(const ChoiceQuestion& question, std::size_t choice, ChoiceForm if_unsaid);

/// The way back; a letter is always understood, unless it is the name of another choice. Nothing for what is no choice.
std::optional<std::int64_t> choice_of(const ChoiceQuestion& question, std::string_view written);

/// Throws DataError unless there is something to ask, at least two choices, at most 26, and no choice is empty.
void check_question(const ChoiceQuestion& question);

}  // namespace albert::tasks
