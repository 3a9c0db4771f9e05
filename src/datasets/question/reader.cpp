#include "datasets/question/reader.h"

#include "datasets/question/lines.h"
#include "datasets/question/squad.h"

namespace albert::datasets {

Questions read_questions(const std::filesystem::path& file, MisplacedAnswers misplaced) {
  const bool is_lines = file.extension() == ".jsonl" || file.extension() == ".ndjson";
  return is_lines ? read_question_lines(file, misplaced) : read_squad(file, misplaced);
}

}  // namespace albert::datasets
