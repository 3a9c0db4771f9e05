#include "tasks/question/lines.h"

#include <unordered_map>
#include <unordered_set>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "tasks/common/json_object.h"
#include "tasks/question/json.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

using nlohmann::json;

QuestionRecord read_record(const json& object, const Place& place) {
  return {.id = id_member(object, place),
          .question = nonempty_member(object, "question", place),
          .context = nonempty_member(object, "context", place)};
}

/// Collects lines.
class LinesReader {
 public:
  explicit LinesReader(MisplacedAnswers misplaced) : misplaced_(misplaced) {}

  void add(std::string_view line, const Place& place) {
    const json object = parse_json_object(line, place);
    QuestionRecord record = read_record(object, place);
    Question question;
    question.id = record.id.empty() ? std::to_string(place.line) : std::move(record.id);
    if (!ids_.insert(question.id).second) {
      throw DataError("{}: the id {} occurs twice", place.to_string(), question.id);
    }
    question.text = std::move(record.question);
    read_answers(object, record.context, misplaced_, place, question);
    result_.num_misplaced += count_misplaced(question);
    question.context = number_of(std::move(record.context));
    result_.questions.push_back(std::move(question));
  }

  Questions finish() {
    result_.contexts.resize(numbers_.size());
    while (!numbers_.empty()) {
      auto node = numbers_.extract(numbers_.begin());
      result_.contexts[node.mapped()] = std::move(node.key());
    }
    return std::move(result_);
  }

 private:
  std::size_t number_of(std::string context) {
    return numbers_.try_emplace(std::move(context), numbers_.size()).first->second;
  }

  MisplacedAnswers misplaced_;
  std::unordered_map<std::string, std::size_t> numbers_;  ///< of the contexts
  std::unordered_set<std::string> ids_;
  Questions result_;
};

}  // namespace

Questions parse_question_lines(std::string_view content, const std::string& file, MisplacedAnswers misplaced) {
  LinesReader reader(misplaced);
  Place place{.file = file, .id = {}};
  for (std::string_view rest = content; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    ++place.line;
    if (const std::string_view line = rest.substr(0, end); !text::trim(line).empty()) reader.add(line, place);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return reader.finish();
}

QuestionRecord parse_question_record(std::string_view line, const Place& place) {
  return read_record(parse_json_object(line, place), place);
}

}  // namespace albert::tasks
