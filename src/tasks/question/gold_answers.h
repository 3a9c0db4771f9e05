#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "tasks/common/place.h"
#include "tasks/question/record.h"

/// What a file says is right. Included by the readers of questions only.
namespace albert::tasks {

/// Takes the answers of questions, and counts those that are not at their places in the contexts.
class GoldAnswers {
 public:
  /// Fills is_labelled and answers of a question, which has its context, from the members `answers` and
  /// `is_impossible`. An empty text is no answer, as for evaluate-v2.0.py; so is none where the question is impossible.
  /// Throws DataError naming the place.
  void add_to(Question& question, const nlohmann::json& object, const Place& place);

  const MisplacedCount& misplaced() const { return misplaced_; }
  /// Throws DataError for answers that are not at their places: with the first one, their number, and as far as it is
  /// known how their starts were counted.
  void refuse_misplaced() const;

 private:
  MisplacedCount misplaced_;
  std::string first_misplaced_;  ///< what is wrong with it
  std::int64_t num_answers_ = 0;
};

}  // namespace albert::tasks
