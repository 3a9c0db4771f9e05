#include "tasks/common/lines.h"

#include <unordered_map>
#include <unordered_set>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "tasks/common/json_object.h"
#include "tasks/question/json.h"
#include "tasks/question/readers.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

using nlohmann::json;

Question read_question(const json& object, const Place& place) {
  return {.id = id_member(object, place),
          .text = nonempty_member(object, "question", place),
          .context = std::make_shared<const std::string>(nonempty_member(object, "context", place))};
}

/// Collects lines.
class LinesReader {
 public:
  explicit LinesReader(MisplacedAnswers misplaced) : misplaced_(misplaced) {}

  void add(std::string_view line, const Place& place) {
    const json object = parse_json_object(line, place);
    Question question = read_question(object, place);
    if (question.id.empty()) question.id = std::to_string(place.line);
    if (!ids_.insert(question.id).second) {
      throw DataError("{}: the id {} occurs twice", place.to_string(), question.id);
    }
    question.context = contexts_.try_emplace(*question.context, question.context).first->second;
    add_gold_answers(object, misplaced_, place, question);
    result_.num_misplaced += count_misplaced(question);
    result_.records.push_back(std::move(question));
  }

  QuestionFile finish() { return std::move(result_); }

 private:
  MisplacedAnswers misplaced_;
  std::unordered_map<std::string_view, std::shared_ptr<const std::string>> contexts_;  ///< by what they point at
  std::unordered_set<std::string> ids_;
  QuestionFile result_;
};

}  // namespace

QuestionFile parse_question_lines(std::string_view content, const std::string& file, MisplacedAnswers misplaced) {
  LinesReader reader(misplaced);
  TextLines lines(content, file);
  for (std::string_view line; lines.next(line);) {
    if (!text::trim(line).empty()) reader.add(line, {.file = file, .line = lines.number(), .id = {}});
  }
  return reader.finish();
}

Question parse_question_line(std::string_view line, const Place& place) {
  return read_question(parse_json_object(line, place), place);
}

}  // namespace albert::tasks
