#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "metrics/question_answering.h"
#include "tasks/question/answer_start.h"

namespace albert::tasks {

/// A right answer.
struct GoldAnswer {
  std::string text;
  std::optional<std::size_t> begin;  ///< byte offset in the context; nothing if it does not stand there
};

/// A question about a text.
struct Question {
  std::string id = {};  ///< as in the file; of JSON lines without one the number of the line
  std::string text = {};
  /// What holds the answer. Questions about the same text share it.
  std::shared_ptr<const std::string> context = {};
  bool is_labelled = false;              ///< the file says what is right, or that nothing is
  std::vector<GoldAnswer> answers = {};  ///< of a labelled question: empty if the context holds no answer

  /// Whether it is known what is right.
  /// \param no_answer whether a question may have no answer
  bool is_known(bool no_answer) const { return is_labelled && (no_answer || !answers.empty()); }
};

/// What is done with an answer whose text is not at its place in the context.
enum class MisplacedAnswers {
  kRefuse,  ///< DataError naming question, expected and found
  kSkip,    ///< it has no place
};

/// The questions of a file.
struct QuestionFile {
  std::vector<Question> records = {};
  MisplacedCount misplaced = {};  ///< answers without a place
  /// What evaluate-v2.0.py would be run with; set where the answers come from files.
  std::optional<metrics::NoAnswerOptions> official = {};

  bool is_labelled() const { return !records.empty() && std::ranges::all_of(records, &Question::is_labelled); }
  void append(QuestionFile more) {
    std::ranges::move(more.records, std::back_inserter(records));
    misplaced.add(more.misplaced);
  }
};

}  // namespace albert::tasks
