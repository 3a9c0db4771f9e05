#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace albert::tasks {

/// A right answer.
struct GoldAnswer {
  std::string text;
  std::optional<std::size_t> begin;  ///< byte offset in the context; nothing if it does not stand there
};

/// A question about a text.
struct Question {
  std::string id;
  std::string text;
  std::size_t context = 0;          ///< index among the contexts
  bool is_labelled = false;         ///< the file says what is right
  std::vector<GoldAnswer> answers;  ///< of a labelled question: empty if the context holds no answer
};

/// What is done with an answer whose text is not at its place in the context.
enum class MisplacedAnswers {
  kRefuse,  ///< DataError naming question, expected and found
  kSkip,    ///< it has no place
};

/// The questions of a file, and the texts they are about, each once.
struct Questions {
  std::vector<std::string> contexts;
  std::vector<Question> questions;
  std::int64_t num_misplaced = 0;  ///< answers without a place
};

}  // namespace albert::tasks
