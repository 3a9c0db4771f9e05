#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "tasks/common/place.h"
#include "tasks/question/record.h"

/// What the readers of questions share. Included by them only.
namespace albert::tasks {

/// A member that must be there. Throws DataError.
const std::string& text_member(const nlohmann::json& object, const char* name, const Place& place);
const nlohmann::json& list_member(const nlohmann::json& object, const char* name, const Place& place);

/// Text that must not be empty. Throws DataError.
const std::string& nonempty_member(const nlohmann::json& object, const char* name, const Place& place);

/// An id, which is text or a whole number; empty if there is none. Throws DataError.
std::string id_member(const nlohmann::json& object, const Place& place);

/// Fills is_labelled and answers of a question, which has its context, from the members `answers` and
/// `is_impossible`. Throws DataError naming the place.
void add_gold_answers(const nlohmann::json& object, MisplacedAnswers misplaced, const Place& place, Question& question);

/// How many of the question's answers have no place.
std::int64_t count_misplaced(const Question& question);

}  // namespace albert::tasks
